import { afterEach, describe, expect, test } from 'vitest';
import { LIMIT_RANGES, LIMITS } from '../src/index.ts';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { RawClient } from './support/raw-client.ts';

let running: TestBroker | undefined;

/** A broker that holds so many retained messages. */
async function start(retained: number, options: TestBrokerOptions = {}): Promise<TestBroker> {
  running = await startBroker(options);
  const publisher = await RawClient.connect(running.port, { clientId: 'publisher' });
  for (let index = 0; index < retained; index += 1) {
    publisher.send({ cmd: 'publish', topic: `t/${index}`, payload: 'x', qos: 0, dup: false, retain: true });
  }
  await publisher.drain();
  return running;
}

afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

const subscribe = (client: RawClient, filters: readonly string[]) => {
  client.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: filters.map((topic) => ({ topic, qos: 0 as const })),
  });
};

describe('retained messages for new subscriptions', () => {
  test('a filter named 256 times in one SUBSCRIBE is given them once', async () => {
    const { port, broker } = await start(10);
    const client = await RawClient.connect(port);
    subscribe(
      client,
      Array.from({ length: 256 }, () => '#'),
    );
    expect(await client.next()).toMatchObject({ cmd: 'suback' });
    expect(await client.drain()).toHaveLength(10);
    expect(broker.stats().subscriptions).toBe(1);
  });

  test('all filters of one SUBSCRIBE share its bound, and what is over is counted', async () => {
    const { port, broker } = await start(10, { limits: { retainedPerSubscribeMax: 4 } });
    const client = await RawClient.connect(port);
    subscribe(client, ['t/+', '#']);
    await client.next();
    expect(await client.drain()).toHaveLength(4);
    expect(broker.stats().messages.dropped).toBe(2);
  });

  test('many are delivered in slices: another client is served between them, and none is lost', async () => {
    const count = 5_000;
    const { port } = await start(count);
    const other = await RawClient.connect(port, { clientId: 'other' });
    const client = await RawClient.connect(port);
    subscribe(client, ['t/#']);
    await client.next();
    await client.next();
    const seenBefore = client.waiting;
    await other.drain();
    expect(seenBefore).toBeLessThan(count - 1);
    for (let left = count - 1; left > 0; left -= 1) {
      expect(await client.next()).toMatchObject({ cmd: 'publish', retain: true });
    }
  });

  test('end with the subscription', async () => {
    const { port } = await start(5_000);
    const client = await RawClient.connect(port);
    subscribe(client, ['#']);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['#'] });
    await client.next();
    const rest = await client.drain();
    expect(rest.length).toBeLessThan(5_000);
  });
});

test('subscriptions of all clients together are bounded', async () => {
  const { port } = await start(0, { limits: { subscriptionsMax: 2 } });
  const one = await RawClient.connect(port, { clientId: 'one' });
  await one.subscribe('a');
  await one.subscribe('b');
  const two = await RawClient.connect(port, { clientId: 'two', protocolVersion: 5 });
  subscribe(two, ['c']);
  expect(await two.next()).toMatchObject({ cmd: 'suback', granted: [0x97] });
});

test('every default is within the range that its limit may be set to', () => {
  for (const [key, { min, max }] of Object.entries(LIMIT_RANGES)) {
    const value = LIMITS[key as keyof typeof LIMITS];
    expect(value, key).toBeGreaterThanOrEqual(min);
    expect(value, key).toBeLessThanOrEqual(max);
  }
});
