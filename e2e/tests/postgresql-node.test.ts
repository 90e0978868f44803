import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IClientOptions, MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POSTGRES, startPostgres, type Postgres } from '../../packages/connectors/test/support/postgres.ts';
import { lastingDevice } from '../support/lasting-device.ts';
import { type Server, startServer } from '../support/server.ts';

/** Time for a lease to end and for servers to start on a busy machine. */
const TEST_MS = 90_000;

let database: Postgres;
let folder: string;
const servers: Server[] = [];
const clients: MqttClient[] = [];

beforeAll(async () => {
  if (!POSTGRES) throw new Error('PostgreSQL is not installed');
  database = await startPostgres();
  await database.admin.query('create database house owner gatehouse');
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-node-'));
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  for (const server of servers) await server.kill('SIGKILL');
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const databaseUrl = (): string =>
  `postgresql://gatehouse:backend-secret@127.0.0.1:${String(database.port)}/house`;

const start = async (node: string, keyFile = 'secret.key'): Promise<Server> => {
  const server = await startServer({
    dataDir: mkdtempSync(join(folder, `${node}-`)),
    set: [`database_url=${databaseUrl()}`, `node_id=${node}`, `secret_key_file=${join(folder, keyFile)}`],
  });
  servers.push(server);
  return server;
};

const device = async (server: Server, password: string, clientId: string, more: IClientOptions = {}) => {
  const made = await lastingDevice(server, { clientId, username: 'fleet', password, ...more });
  clients.push(made.client);
  return made;
};

test(
  'a machine that is lost loses nothing: another goes on with its sessions, messages and wills, and it is shut out when it comes back',
  async () => {
    const lost = await start('machine-1');
    const added = await lost.cli(['credentials', 'add', '--username', 'fleet', '--json'], '');
    const { secret } = JSON.parse(added.stdout) as { secret: string };
    const reader = await device(lost, secret, 'reader');
    await reader.client.subscribeAsync('news/#', { qos: 2 });
    await reader.client.endAsync(true);
    const writer = await device(lost, secret, 'writer', {
      will: { topic: 'news/will', payload: Buffer.from('died with its machine'), qos: 1, retain: false },
    });
    await writer.client.publishAsync('news/one', 'at least once', { qos: 1 });
    await writer.client.publishAsync('news/two', 'exactly once', { qos: 2 });
    await writer.client.publishAsync('state', 'kept', { qos: 1, retain: true });

    // It hangs with its clients connected, as a machine does that the network has lost.
    const ended = lost.kill('SIGSTOP');
    const heir = await start('machine-2');
    const back = await device(heir, secret, 'reader');
    expect(back.present).toBe(true);
    await back.client.subscribeAsync('state', { qos: 1 });
    await expect
      .poll(() => Object.fromEntries(back.got), { timeout: 10_000 })
      .toEqual({
        'news/one': 'at least once',
        'news/two': 'exactly once',
        'news/will': 'died with its machine',
        state: 'kept',
      });

    await lost.kill('SIGCONT');
    expect(await ended).toBe(1);
    expect(lost.output()).toContain('Another server has taken the place of node');
    await back.client.publishAsync('news/three', 'goes on', { qos: 1 });
    await expect.poll(() => back.got.get('news/three')).toBe('goes on');
  },
  TEST_MS,
);

test('a server that has another secret key than the database is refused, and makes none', async () => {
  await expect(start('machine-3', 'missing.key')).rejects.toThrow(/There is no secret key at .*missing\.key/);
  expect(existsSync(join(folder, 'missing.key'))).toBe(false);
  writeFileSync(join(folder, 'other.key'), `${randomBytes(32).toString('base64url')}\n`);
  await expect(start('machine-3', 'other.key')).rejects.toThrow(/secret_key_file=PATH/);
});

test(
  'while PostgreSQL is away nothing durable is acknowledged, everything else goes on, who was let in comes back, and it recovers by itself',
  async () => {
    const server = servers.findLast((one) => !one.output().includes('Another server has taken the place'));
    if (server === undefined) throw new Error('no server is left');
    const added = await server.cli(
      ['credentials', 'add', '--username', 'fleet-2', '--json', '--set', `database_url=${databaseUrl()}`],
      '',
    );
    const { secret } = JSON.parse(added.stdout) as { secret: string };
    const username = 'fleet-2';
    const reader = await device(server, secret, 'lasting', { username });
    await reader.client.subscribeAsync('a/#', { qos: 1 });
    const writer = await device(server, secret, 'passing', { username, clean: true });
    await writer.client.publishAsync('a/before', '1', { qos: 1 });

    const known = await device(server, secret, 'known', { username, clean: true });
    await known.client.endAsync();

    await database.crash();
    let isAcknowledged = false;
    const durable = writer.client.publishAsync('a/durable', '2', { qos: 1 }).then(() => {
      isAcknowledged = true;
    });
    await writer.client.publishAsync('a/passing', '3', { qos: 0 });
    await expect.poll(() => reader.got.get('a/passing')).toBe('3');
    const again = await device(server, secret, 'known', { username, clean: true });
    await again.client.publishAsync('a/again', '4', { qos: 0 });
    await expect.poll(() => reader.got.get('a/again')).toBe('4');
    const ready = await fetch(`http://127.0.0.1:${String(server.ports.api)}/readyz`);
    expect(ready.status).toBe(503);
    expect(isAcknowledged).toBe(false);
    expect(reader.got.has('a/durable')).toBe(false);

    await database.recover();
    await expect.poll(() => reader.got.get('a/durable'), { timeout: 10_000 }).toBe('2');
    await durable;
    await again.client.publishAsync('a/after', '5', { qos: 1 });
    await expect.poll(() => reader.got.get('a/after')).toBe('5');
  },
  TEST_MS,
);
