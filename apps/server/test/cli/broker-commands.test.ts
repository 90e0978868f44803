import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli, cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Listed {
  readonly items: readonly Record<string, unknown>[];
}

let dataDir: string;
let server: TestServer;
let client: MqttClient;

beforeAll(async () => {
  dataDir = newDataDir();
  server = await startServer(dataDir);
  const { secret } = await cliJson<{ secret: string }>(['credentials', 'add', '--username', 'pump'], {
    dataDir,
  });
  client = connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    username: 'pump',
    password: secret,
    clientId: 'pump-7',
    reconnectPeriod: 0,
  });
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync('plant/+', { qos: 1 });
}, 60_000);
afterAll(async () => {
  client.end(true);
  await server.end('SIGTERM');
  removeDataDir(dataDir);
});

test('clients list and show tell of a session, and subscriptions list of what it hears', async () => {
  const { items } = await cliJson<Listed>(['clients', 'list', '--online', '--search', 'PUMP'], { dataDir });
  expect(items).toEqual([
    expect.objectContaining({
      clientId: 'pump-7',
      username: 'pump',
      credentialName: 'pump',
      tls: false,
      subscriptions: 1,
    }),
  ]);
  expect((await cli(['clients', 'show', 'pump-7'], { dataDir })).stdout).toMatch(/clientId +pump-7/);
  expect((await cliJson<Listed>(['subscriptions', 'list', '--topic', 'plant/a'], { dataDir })).items).toEqual(
    [expect.objectContaining({ clientId: 'pump-7', filter: 'plant/+', qos: 1 })],
  );
  const ofQos = (qos: string) =>
    cliJson<Listed>(['subscriptions', 'list', '--qos', qos, '--sort', '-topicFilter'], { dataDir });
  expect((await ofQos('1')).items).toHaveLength(1);
  expect((await ofQos('2')).items).toEqual([]);
  const listed = await cliJson<Listed>(['clients', 'list', '--ip', '127.0.0.0/8', '--sort', '-queued'], {
    dataDir,
  });
  expect(listed.items).toHaveLength(1);
  expect((await cliJson<Listed>(['clients', 'list', '--tls'], { dataDir })).items).toEqual([]);
  expect((await cli(['clients', 'list', '--ip', 'home'], { dataDir })).stderr).toContain('no address');
  expect((await cli(['clients', 'show', 'nobody'], { dataDir })).code).toBe(1);
});

test('subscriptions remove ends one, and says when there was none', async () => {
  await client.subscribeAsync('once/#');
  expect((await cli(['subscriptions', 'remove', 'pump-7', 'once/#'], { dataDir })).code).toBe(0);
  expect((await cli(['subscriptions', 'remove', 'pump-7', 'once/#'], { dataDir })).code).toBe(1);
});

test('publish reaches a subscriber, is retained when told so, and is deleted again', async () => {
  const heard = new Promise<string>((resolve) =>
    client.once('message', (_topic, payload) => {
      resolve(payload.toString());
    }),
  );
  const published = await cliJson(['publish', '--topic', 'plant/a', '--message', 'on', '--retain'], {
    dataDir,
  });
  expect(published).toEqual({ receivers: 1 });
  expect(await heard).toBe('on');
  expect((await cliJson<Listed>(['retained', 'list', '--filter', 'plant/#'], { dataDir })).items).toEqual([
    expect.objectContaining({ topic: 'plant/a', payloadBytes: 2 }),
  ]);
  expect((await cliJson<Listed>(['retained', 'list', '--sort', '-size'], { dataDir })).items).toHaveLength(1);
  expect((await cli(['retained', 'list', '--sort', 'payload'], { dataDir })).stderr).toContain(
    'unknown sort',
  );
  expect((await cli(['retained', 'show', 'plant/a'], { dataDir })).stdout).toMatch(
    /plant\/a[^]*payload +on\n/,
  );
  expect((await cli(['retained', 'show', 'plant/b'], { dataDir })).code).toBe(1);
  expect(await cliJson(['retained', 'delete', '--filter', 'plant/#'], { dataDir })).toMatchObject({
    deleted: 1,
  });
  expect((await cli(['retained', 'delete', 'plant/a'], { dataDir })).code).toBe(1);
  expect((await cli(['retained', 'delete'], { dataDir })).code).toBe(2);
  expect((await cli(['publish', '--topic', 'a/#'], { dataDir })).code).toBe(2);
});

test('clients disconnect closes the connection and ends the session when told so', async () => {
  const closed = new Promise<void>((resolve) =>
    client.once('close', () => {
      resolve();
    }),
  );
  expect(await cliJson(['clients', 'disconnect', 'pump-7', '--end-session'], { dataDir })).toEqual({
    disconnected: 1,
  });
  await closed;
  expect((await cliJson<Listed>(['clients', 'list'], { dataDir })).items).toEqual([]);
  expect((await cli(['clients', 'disconnect', 'pump-7'], { dataDir })).code).toBe(1);
});

test('without a server they say that there is none, rather than answer with an empty list', async () => {
  const empty = newDataDir();
  const listed = await cli(['clients', 'list'], { dataDir: empty });
  expect([listed.code, listed.stdout]).toEqual([1, '']);
  expect(listed.stderr).toContain('No server runs');
  removeDataDir(empty);
});
