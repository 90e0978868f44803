import { afterEach, describe, expect, test } from 'vitest';
import { startBroker, testChain, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { JournalDisk } from './support/journal-disk.ts';
import { message } from './support/messages.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

let clock = new FakeClock();
let running: TestBroker;

async function start(options: TestBrokerOptions): Promise<TestBroker> {
  clock = new FakeClock();
  running = await startBroker({ clock, ...options });
  return running;
}
afterEach(() => running.broker.stop());

const bounds = () => running.broker.stats().bounds;

/** Sends a CONNECT with a password that lets nobody in, and returns when the refusal was recorded. */
async function refused(username: string, count: number): Promise<RawClient> {
  const client = await RawClient.open(running.port);
  client.send(connectPacket({ username, password: Buffer.from('wrong') }));
  await running.sink.refusal(count);
  return client;
}

test('closeTimeoutMs counts a client that keeps its half open when it is closed, and no other', async () => {
  const { broker, port } = await start({ limits: { closeTimeoutMs: 2_000 } });
  const leaving = await RawClient.connect(port, { clientId: 'leaving' });
  leaving.send({ cmd: 'disconnect' });
  await leaving.closed();
  const staying = await RawClient.connect(port, { clientId: 'staying' });
  staying.socket.allowHalfOpen = true;
  const ended = new Promise((resolve) => staying.socket.once('end', resolve));
  staying.send({ cmd: 'disconnect' });
  await ended;
  clock.advance(1_999);
  expect(bounds()).toEqual({});
  clock.advance(1);
  expect(bounds()).toEqual({ closeTimeoutMs: 1 });
  staying.socket.destroy();
  await expect.poll(() => broker.stats().connections.open).toBe(0);
});

test('journalBacklogBytesMax counts a client that is read no further until the disk has caught up', async () => {
  const disk = new JournalDisk();
  const { port } = await start({ openJournal: disk.open, limits: { journalBacklogBytesMax: 65_536 } });
  const client = await RawClient.connect(port);
  disk.lands = false;
  client.send(message({ topic: 'small', qos: 1, retain: true, payload: 'x' }));
  await disk.flying();
  expect(bounds()).toEqual({});
  client.send(message({ topic: 'large', qos: 1, messageId: 2, retain: true, payload: 'x'.repeat(65_536) }));
  await expect.poll(bounds).toEqual({ journalBacklogBytesMax: 1 });
  disk.lands = true;
  disk.land();
  expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 });
  expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 2 });
  expect(bounds()).toEqual({ journalBacklogBytesMax: 1 });
});

describe('a refusal that is answered sooner than it should be', () => {
  test('unknownUserDelayMsMax counts it when a verification takes longer', async () => {
    clock = new FakeClock();
    let verificationMs = 100;
    const slow = testChain([{ username: 'pump', password: 'right' }], 'deny', clock, {
      peek: () => undefined,
      verify: () => {
        clock.advance(verificationMs);
        return { result: 'mismatch', cached: false };
      },
    });
    running = await startBroker({
      clock,
      chains: () => slow,
      limits: { unknownUserDelayMsMax: 100, keepAliveSecondsMax: 65_535 },
    });
    await (await refused('pump', 1)).closed();
    const within = await refused('nobody', 2);
    clock.advance(100);
    await within.closed();
    expect(bounds()).toEqual({});
    // As many as are remembered: what was drawn from before is forgotten.
    verificationMs = 300;
    for (let count = 3; count < 67; count += 1) await (await refused('pump', count)).closed();
    expect(bounds()).toEqual({});
    const beyond = await refused('nobody', 67);
    expect(bounds()).toEqual({ unknownUserDelayMsMax: 1 });
    clock.advance(100);
    expect(await beyond.next()).toMatchObject({ cmd: 'connack', returnCode: 4 });
  });

  test('refusalDelayMsMax counts it when the load would hold it back longer', async () => {
    const { port } = await start({
      load: () => 1,
      credentials: [{ username: 'pump', password: 'right' }],
      anonymous: 'deny',
      limits: { refusalDelayMsMax: 10 },
    });
    await RawClient.connect(port, { clientId: 'served', username: 'pump', password: Buffer.from('right') });
    clock.advance(25);
    await refused('nobody', 1);
    expect(bounds()).toEqual({});
    clock.advance(25);
    const beyond = await refused('nobody', 2);
    expect(bounds()).toEqual({ refusalDelayMsMax: 1 });
    clock.advance(10);
    expect(await beyond.next()).toMatchObject({ cmd: 'connack', returnCode: 4 });
  });
});
