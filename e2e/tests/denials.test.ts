import { rmSync } from 'node:fs';
import type { DenialsPageDto } from '@gatehouse/contract';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { storedDenials } from '../support/database.ts';
import { startServer, type Server } from '../support/server.ts';

/** Different topics that a client which must not publish them tries: more than are told apart. */
const STORM = 15_000;
const SLICE = 500;

let server: Server;
let secret: string;

const denials = (query = ''): Promise<DenialsPageDto> =>
  new Api(server).ok('GET', `/denials?limit=5&${query}`);

/** A client with a credential that allows it nothing but to publish to `mine`. */
const connect = (clientId: string): Promise<MqttClient> =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    clientId,
    username: 'fleet',
    password: secret,
    protocolVersion: 5,
    reconnectPeriod: 0,
  });

async function restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const { dataDir } = server;
  await server.kill(signal);
  server = await startServer({ dataDir });
}

beforeAll(async () => {
  server = await startServer();
  const rules = [{ permission: 'allow', action: 'publish', topic: 'mine' }];
  ({ secret = '' } = await new Api(server).createCredential({ username: 'fleet', rules }));
});
afterAll(async () => {
  await server.kill('SIGKILL');
  rmSync(server.dataDir, { recursive: true, force: true });
});

test('a denial is stored within seconds by itself, and is listed after kill -9', async () => {
  const client = await connect('pump-7');
  await expect(client.publishAsync('plant/7/set', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
  await expect.poll(() => storedDenials(server), { timeout: 5_000 }).toBe(1);
  await restart('SIGKILL');
  client.end(true);
  const { since, ...page } = await denials();
  expect(page).toMatchObject({
    items: [{ clientId: 'pump-7', username: 'fleet', topic: 'plant/7/set', by: 'no-match', count: 1 }],
    total: 1,
    count: 1,
    aggregated: 0,
  });
  expect(page.items[0]?.firstAt).toBe(since);
});

test('a storm of denials on ever new topics loses no count, not even when the server is stopped at once', async () => {
  const client = await connect('storm');
  for (let start = 0; start < STORM; start += SLICE) {
    const topics = Array.from({ length: SLICE }, (_, index) => `t/${String(start + index)}`);
    await Promise.all(topics.map((topic) => client.publishAsync(topic, 'x', { qos: 0 })));
  }
  // Packets of a client keep their order: once this is answered, all before it were judged.
  await client.publishAsync('mine', 'x', { qos: 1 });
  await restart('SIGTERM');
  client.end(true);
  const page = await denials();
  expect(page).toMatchObject({ count: STORM + 1, totalIsExact: true });
  expect(page.total).toBeLessThanOrEqual(10_000);
  expect(page.total).toBeGreaterThanOrEqual(2_000);
});

test('the same denial again is counted on what is stored; cleared ones do not come back', async () => {
  const client = await connect('pump-7');
  await expect(client.publishAsync('plant/7/set', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
  expect(await denials('topic=plant/7/set')).toMatchObject({ items: [{ count: 2 }], total: 1 });
  await expect(client.publishAsync('plant/8/set', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
  await new Api(server).ok('DELETE', '/denials');
  await restart('SIGTERM');
  client.end(true);
  expect(await denials()).toMatchObject({ items: [], since: null, count: 0, aggregated: 0 });
});
