import { expect, test } from 'vitest';
import { payloads } from '../support/messages.ts';
import { connectPacket, field, frame, type RawClient } from '../support/raw-client.ts';
import { connectBytes, userProperty, willBytes } from './bytes.ts';
import { type ConnectFields, expectNext, type Level, LEVELS, topics, useBroker } from './support.ts';

const ground = useBroker();

const will = (fields: Partial<NonNullable<ConnectFields['will']>> = {}) => ({
  topic: 'will',
  payload: Buffer.from('gone'),
  ...fields,
});

/** Connects a client with a will and breaks its connection. */
async function lose(level: Level, fields: ConnectFields): Promise<void> {
  const client = await ground.open(level, 'c', fields);
  await client.drop();
}

async function leave(client: RawClient, reasonCode?: number): Promise<void> {
  client.send(reasonCode === undefined ? { cmd: 'disconnect' } : { cmd: 'disconnect', reasonCode });
  await client.closed();
}

test.each(LEVELS)(
  'v3.1.1 [MQTT-3.1.2-8] v5.0 [MQTT-3.1.2-7] [MQTT-3.1.2-8] is published when the connection breaks, with its QoS (level %i)',
  async (level) => {
    const seen = await ground.witness(level);
    for (const qos of [0, 1, 2] as const) {
      await lose(level, { will: will({ qos }) });
      expect(await expectNext(seen, 'publish')).toMatchObject({ topic: 'will', qos, retain: false });
    }
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-3.1.2-10] [MQTT-3.14.4-3] v5.0 [MQTT-3.1.2-10] [MQTT-3.14.4-3] is not published after DISCONNECT, nor twice (level %i)',
  async (level) => {
    const seen = await ground.witness();
    const properties = { sessionExpiryInterval: 60 };
    const left = await ground.open(level, 'c', { will: will(), clean: false, properties });
    await leave(left);
    const lost = await ground.open(level, 'd', { will: will(), clean: false, properties });
    await lost.drop();
    await expectNext(seen, 'publish');
    const again = await ground.open(level, 'd', { clean: false });
    await again.drop();
    expect(topics(await seen.drain())).toEqual([]);
  },
);

test.each(LEVELS)('v3.1.1 [MQTT-3.1.2-12] without a will nothing is published (level %i)', async (level) => {
  const seen = await ground.witness();
  await lose(level, { will: will(), clean: false });
  await expectNext(seen, 'publish');
  await lose(level, { clean: false });
  await ground.online(1);
  expect(topics(await seen.drain())).toEqual([]);
});

test.each(LEVELS)(
  'v3.1.1 [MQTT-3.1.2-16] [MQTT-3.1.2-17] v5.0 [MQTT-3.1.2-14] [MQTT-3.1.2-15] is retained when it asks for it, and only then (level %i)',
  async (level) => {
    const seen = await ground.witness();
    await lose(level, { will: will({ topic: 'passing', retain: false }) });
    await lose(level, { will: will({ topic: 'lasting', retain: true }) });
    expect([await seen.next(), await seen.next()]).toMatchObject([
      { topic: 'passing' },
      { topic: 'lasting' },
    ]);
    const later = await ground.open(level, 'later');
    await later.subscribe('#');
    expect(await later.drain()).toMatchObject([{ topic: 'lasting', retain: true }]);
  },
);

test.each([
  ['its delay', 10, 60],
  ['the end of the session', 60, 10],
])('v5.0 [MQTT-3.1.2-8] waits for %s where that is first', async (_what, delay, expiry) => {
  const seen = await ground.witness();
  const properties = { sessionExpiryInterval: expiry };
  await lose(5, { properties, will: will({ properties: { willDelayInterval: delay } }) });
  await ground.online(1);
  ground.clock.advance(9_999);
  expect(topics(await seen.drain())).toEqual([]);
  ground.clock.advance(1);
  expect(topics(await seen.drain())).toEqual(['will']);
});

test('v5.0 [MQTT-3.1.2-8] a Clean Start ends the session that had it, and its delay', async () => {
  const seen = await ground.witness();
  const fields = { properties: { sessionExpiryInterval: 60 } };
  await lose(5, { ...fields, will: will({ properties: { willDelayInterval: 30 } }) });
  await ground.online(1);
  await ground.open(5, 'c', { clean: true });
  expect(topics(await seen.drain())).toEqual(['will']);
});

test('v5.0 [MQTT-3.1.3-9] is not published when its client is back within the delay', async () => {
  const seen = await ground.witness();
  const properties = { sessionExpiryInterval: 60 };
  await lose(5, { properties, will: will({ properties: { willDelayInterval: 30 } }) });
  await ground.online(1);
  ground.clock.advance(29_000);
  const back = await ground.open(5, 'c', { clean: false, properties, keepalive: 0 });
  ground.clock.advance(60_000);
  await leave(back, 0);
  expect(topics(await seen.drain())).toEqual([]);
});

test('v5.0 [MQTT-3.1.2-10] is published after DISCONNECT with 0x04', async () => {
  const seen = await ground.witness();
  await leave(await ground.open(5, 'c', { will: will() }), 0x04);
  expect(topics(await seen.drain())).toEqual(['will']);
});

test('v5.0 [MQTT-3.1.3-10] forwards its properties as they were, user properties in their order', async () => {
  const seen = await ground.witness();
  const forwarded = Buffer.concat([
    Buffer.from([1, 1]),
    userProperty('b', '1'),
    userProperty('a', '2'),
    userProperty('b', '3'),
  ]);
  const delay = Buffer.from([24, 0, 0, 0, 0]);
  const client = await ground.raw(5);
  const payload = [field('c'), willBytes(5, 'w', Buffer.concat([delay, forwarded]))];
  client.write(connectBytes(5, { flags: 0x06, payload }));
  await client.next();
  const before = seen.received.length;
  await client.drop();
  await expectNext(seen, 'publish');
  expect(seen.received.subarray(before)).toEqual(
    frame(0x30, Buffer.concat([field('w'), Buffer.from([forwarded.length]), forwarded, Buffer.from('gone')])),
  );
});

test.each(LEVELS)(
  'v3.1.1 [MQTT-3.1.2-24] v5.0 [MQTT-3.1.2-22] silence of one and a half keep-alives closes like a failure, with the will (level %i)',
  async (level) => {
    const seen = await ground.witness();
    const client = await ground.open(level, 'c', { keepalive: 10, will: will() });
    ground.clock.advance(14_999);
    expect(topics(await seen.drain())).toEqual([]);
    ground.clock.advance(1);
    const told = await client.closed();
    expect(told).toMatchObject(level === 5 ? [{ cmd: 'disconnect', reasonCode: 0x8d }] : []);
    expect(payloads(await seen.drain())).toEqual(['gone']);
  },
);

test('v5.0 [MQTT-3.2.2-22] the client’s own keep-alive holds unless another is told', async () => {
  const own = await ground.connack(5, { clientId: 'own', keepalive: 10 });
  expect(own).not.toHaveProperty('properties.serverKeepAlive');
  const told = await ground.raw(5);
  told.send(connectPacket({ protocolVersion: 5, clientId: 'told', keepalive: 60_000 }));
  expect(await told.next()).toMatchObject({ properties: { serverKeepAlive: 3_600 } });
  ground.clock.advance(15_000);
  await ground.online(1);
  ground.clock.advance(5_400_000 - 15_000);
  await told.closed();
});
