import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { RawClient } from './support/raw-client.ts';

let clock: FakeClock;
let running: TestBroker;

beforeEach(async () => {
  clock = new FakeClock();
  running = await startBroker({
    clock,
    limits: { keepAliveSecondsMax: 100, sessionExpirySecondsMax: 1_000 },
  });
});
afterEach(() => running.broker.stop());

const bounds = () => running.broker.stats().bounds;

test('a client that is cut for its silence is counted at the bound on keep-alives', async () => {
  const client = await RawClient.connect(running.port, { keepalive: 10 });
  expect(bounds()).toEqual({});
  clock.advance(15_000);
  await client.closed();
  expect(bounds()).toEqual({ keepAliveSecondsMax: 1 });
});

test('a keep-alive that is lowered to its bound is counted there too', async () => {
  await RawClient.connect(running.port, { keepalive: 101 });
  expect(bounds()).toEqual({ keepAliveSecondsMax: 1 });
});

test('a session that is kept shorter than its client asks is counted', async () => {
  const asking = (clientId: string, sessionExpiryInterval: number) =>
    RawClient.connect(running.port, { clientId, protocolVersion: 5, properties: { sessionExpiryInterval } });
  const within = await asking('within', 1_000);
  expect(bounds()).toEqual({});
  await asking('beyond', 1_001);
  expect(bounds()).toEqual({ sessionExpirySecondsMax: 1 });
  await RawClient.connect(running.port, { clientId: 'for-ever', clean: false });
  expect(bounds()).toEqual({ sessionExpirySecondsMax: 1 });
  within.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 2_000 } });
  await within.closed();
  expect(bounds()).toEqual({ sessionExpirySecondsMax: 2 });
});
