import { once } from 'node:events';
import { connectAsync } from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FakeClock } from '../support/fake-clock.ts';
import { openSocket, type RunningListener, startListener } from './support.ts';

let running: RunningListener | undefined;
const clients: { terminate(): void }[] = [];

async function start(...args: Parameters<typeof startListener>): Promise<RunningListener> {
  running = await startListener(...args);
  return running;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await running?.broker.stop();
  running = undefined;
});

async function open(port: number, options: { readonly autoPong?: boolean; readonly origin?: string } = {}) {
  const client = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt', {
    perMessageDeflate: true,
    ...options,
  });
  clients.push(client);
  client.on('error', () => undefined);
  await once(client, 'open');
  return client;
}

/** No deadline of MQTT within the time of the test. */
const patient = { limits: { connectTimeoutMs: 600_000, webSocketPingMs: 30_000 } };

test('a client that answers pings stays, however long it says nothing else', async () => {
  const clock = new FakeClock();
  const { port, broker } = await start({ transport: 'ws' }, { clock, ...patient });
  const client = await open(port);
  for (let count = 1; count <= 3; count += 1) {
    const pinged = once(client, 'ping');
    clock.advance(30_000);
    await pinged;
    // The pong is there once an answer to something sent after it is.
    client.ping();
    await once(client, 'pong');
  }
  expect(broker.stats().connections.open).toBe(1);
});

test('a client that answers no ping is cut, and the limit counts it', async () => {
  const clock = new FakeClock();
  const { port, broker } = await start({ transport: 'ws' }, { clock, ...patient });
  const client = await open(port, { autoPong: false });
  await expect.poll(() => broker.stats().connections.open).toBe(1);
  const pinged = once(client, 'ping');
  clock.advance(30_000);
  await pinged;
  clock.advance(30_000);
  await once(client, 'close');
  await expect.poll(() => broker.stats().connections.open).toBe(0);
  expect(broker.stats().bounds).toEqual({ webSocketPingMs: 1 });
});

test('compression is not agreed on', async () => {
  const { port } = await start({ transport: 'ws' });
  expect((await open(port)).extensions).toBe('');
});

test('a page of an origin on the list gets in', async () => {
  const origins = ['https://app.example'];
  const { port, sink } = await start({ transport: 'ws', origins });
  await open(port, { origin: 'https://app.example' });
  const refused = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt', { origin: 'https://evil.example' });
  refused.on('error', () => undefined);
  expect(await sink.refusal()).toMatchObject({
    reason: 'WS_ORIGIN_DENIED',
    detail: { origin: 'https://evil.example' },
  });
});

test('a handshake that does not come is cut at the deadline', async () => {
  const clock = new FakeClock();
  const { port, sink, broker } = await start({ transport: 'ws' }, { clock });
  const socket = await openSocket(port);
  socket.write('GET /mqtt HTTP/1.1\r\n');
  await expect.poll(() => broker.stats().connections.open).toBe(1);
  clock.advance(5_001);
  expect(await sink.refusal()).toMatchObject({
    reason: 'PROTOCOL_CONNECT_TIMEOUT',
    detail: { expected: 'WebSocket handshake' },
  });
  await expect.poll(() => broker.stats().connections.open).toBe(0);
  socket.destroy();
});

test('MQTT.js behind a trusted proxy has the address that the proxy names', async () => {
  const { port, attempts } = await start({ transport: 'ws' }, { trustedProxies: ['127.0.0.1'] });
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  const client = await connectAsync(`ws://127.0.0.1:${port}/mqtt`, { wsOptions: { headers } });
  await client.endAsync();
  expect(attempts[0]).toMatchObject({ ip: '203.0.113.7', peerIp: '127.0.0.1' });
});
