import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

let clock: FakeClock;
let running: TestBroker;

beforeEach(async () => {
  clock = new FakeClock();
  running = await startBroker({
    clock,
    limits: { connectsPerClientPerMinuteMax: 60, subscriptionsPerClientMax: 1_000 },
  });
});
afterEach(() => running.broker.stop());

test('a client that comes back again and again is refused over the rate, and recorded with the limit that it met', async () => {
  for (let count = 0; count < 10; count += 1) {
    await RawClient.connect(running.port, { clientId: 'restless', keepalive: 0 });
  }
  const refused = await RawClient.open(running.port);
  refused.send(connectPacket({ clientId: 'restless' }));
  expect(await refused.next()).toMatchObject({ cmd: 'connack', returnCode: 3 });
  expect(await running.sink.refusal()).toMatchObject({
    reason: 'QUOTA_EXCEEDED',
    detail: { bound: 'connectsPerClientPerMinuteMax' },
  });
  await RawClient.connect(running.port, { clientId: 'other', keepalive: 0 });
  clock.advance(1_000);
  await RawClient.connect(running.port, { clientId: 'restless', keepalive: 0 });
  expect(running.broker.stats().bounds).toMatchObject({ connectsPerClientPerMinuteMax: 1 });
});

test('a byte a second is no packet: the client is cut after one and a half keep-alives', async () => {
  const client = await RawClient.connect(running.port, { clientId: 'drip', keepalive: 10 });
  for (let second = 0; second < 15; second += 1) {
    client.write(second === 0 ? Buffer.from([0x30, 0x7f]) : Buffer.from([0]));
    await expect.poll(() => running.broker.stats().messages.bytesReceived).toBeGreaterThan(second);
    clock.advance(1_000);
  }
  await client.closed();
});

test('100 000 filters are granted as far as the bound, and the rest are refused one by one', async () => {
  const client = await RawClient.connect(running.port, { clientId: 'greedy', keepalive: 0 });
  let granted = 0;
  for (let start = 0; start < 100_000; start += 200) {
    const subscriptions = Array.from({ length: 200 }, (_, index) => ({
      topic: `t/${start + index}`,
      qos: 0 as const,
    }));
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    const suback = await client.next();
    if (suback.cmd !== 'suback') throw new Error(suback.cmd);
    granted += suback.granted.filter((code) => code === 0).length;
  }
  expect(granted).toBe(1_000);
  expect(running.broker.stats().subscriptions).toBe(1_000);
  expect(running.broker.stats().bounds).toMatchObject({ subscriptionsPerClientMax: 99_000 });
});
