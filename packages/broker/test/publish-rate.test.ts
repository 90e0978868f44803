import { expect, test } from 'vitest';
import { startBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { message, payloads } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

test('a client that publishes faster than it may waits, loses nothing, and nobody waits with it', async () => {
  const clock = new FakeClock();
  const { broker, port } = await startBroker({ clock, limits: { publishRatePerSecondMax: 10 } });
  const subscriber = await RawClient.connect(port, { clientId: 'sub', keepalive: 0 });
  await subscriber.subscribe('#');
  const fast = await RawClient.connect(port, { clientId: 'fast', keepalive: 0 });
  for (let index = 1; index <= 30; index += 1) fast.send(message({ payload: String(index) }));
  await expect.poll(() => broker.stats().messages.received).toBe(11);
  const other = await RawClient.connect(port, { clientId: 'other', keepalive: 0 });
  other.send(message({ payload: 'other' }));
  await expect.poll(() => broker.stats().messages.received).toBe(12);
  expect(broker.stats().bounds).toMatchObject({ publishRatePerSecondMax: 1 });
  clock.advance(1_000);
  await expect.poll(() => broker.stats().messages.received).toBeGreaterThan(20);
  clock.advance(1_000);
  await expect.poll(() => broker.stats().messages.received).toBe(31);
  const expected = Array.from({ length: 30 }, (_, index) => String(index + 1));
  expect(payloads(await subscriber.drain()).filter((payload) => payload !== 'other')).toEqual(expected);
  await broker.stop();
});
