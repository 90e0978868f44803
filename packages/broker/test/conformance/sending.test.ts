import { describe, expect, test } from 'vitest';
import { message, payloads } from '../support/messages.ts';
import { expectNext, type Level, LEVELS, useBroker } from './support.ts';

const ground = useBroker();

/** What makes a session outlive its connection. */
const lasting = (level: Level) => ({
  clean: false,
  keepalive: 0,
  ...(level === 5 && { properties: { sessionExpiryInterval: 3_600 } }),
});

async function subscriber(level: Level, qos: 1 | 2) {
  const client = await ground.open(level, 'sub', lasting(level));
  await client.subscribe('t', qos);
  return client;
}

const back = (level: Level) => ground.open(level, 'sub', lasting(level));

describe('QoS 1, the server sends', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.3.2-1] [MQTT-4.4.0-1] [MQTT-3.3.1-1] v5.0 [MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT-4.3.2-3] [MQTT-4.4.0-1] [MQTT-3.3.1-1] with DUP 0 and an unused identifier, again with DUP 1 until PUBACK (level %i)',
    async (level) => {
      const client = await subscriber(level, 1);
      await ground.publish('t', 'one');
      await ground.publish('t', 'two');
      const sent = [await expectNext(client, 'publish'), await expectNext(client, 'publish')];
      expect(sent).toMatchObject([{ dup: false }, { dup: false }]);
      const [one = 0, two = 0] = sent.map(({ messageId }) => messageId);
      expect(one).not.toBe(two);
      client.send({ cmd: 'puback', messageId: one });
      await client.drain();
      await client.drop();
      const again = await back(level);
      const repeated = await expectNext(again, 'publish');
      expect(repeated).toMatchObject({ messageId: two, dup: true, payload: Buffer.from('two') });
      again.send({ cmd: 'puback', messageId: two });
      await again.drain();
      await again.drop();
      expect(await (await back(level)).drain()).toEqual([]);
    },
  );

  test.each(LEVELS)(
    'v5.0 [MQTT-4.4.0-1] nothing is sent again while the connection lasts (level %i)',
    async (level) => {
      const client = await subscriber(level, 1);
      await ground.publish('t');
      await expectNext(client, 'publish');
      ground.clock.advance(3_000_000);
      expect(await client.drain()).toEqual([]);
    },
  );

  test('v5.0 [MQTT-4.4.0-2] what is answered by 0x80 or more is not sent again', async () => {
    const client = await subscriber(5, 2);
    await ground.publish('t', 'one', { qos: 1 });
    await ground.publish('t', 'two', { qos: 2 });
    const one = await expectNext(client, 'publish');
    const two = await expectNext(client, 'publish');
    client.send({ cmd: 'puback', messageId: one.messageId ?? 0, reasonCode: 0x80 });
    client.send({ cmd: 'pubrec', messageId: two.messageId ?? 0, reasonCode: 0x97 });
    expect(await client.drain()).toEqual([]);
    await client.drop();
    expect(await (await back(5)).drain()).toEqual([]);
  });
});

describe('QoS 2, the server sends', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.3.3-1] v5.0 [MQTT-4.3.3-1] [MQTT-4.3.3-2] [MQTT-4.3.3-3] [MQTT-4.3.3-4] [MQTT-4.3.3-5] [MQTT-4.3.3-6] PUBLISH again until PUBREC, then PUBREL until PUBCOMP, all under one identifier (level %i)',
    async (level) => {
      const client = await subscriber(level, 2);
      await ground.publish('t', 'x', { qos: 2 });
      const { messageId = 0, dup } = await expectNext(client, 'publish');
      expect([messageId > 0, dup]).toEqual([true, false]);
      await client.drop();
      const second = await back(level);
      expect(await expectNext(second, 'publish')).toMatchObject({ messageId, dup: true, qos: 2 });
      second.send({ cmd: 'pubrec', messageId });
      expect(await expectNext(second, 'pubrel')).toMatchObject({ messageId });
      await second.drop();
      const third = await back(level);
      expect(await third.drain()).toMatchObject([{ cmd: 'pubrel', messageId }]);
      third.send({ cmd: 'pubcomp', messageId });
      await third.drain();
      await third.drop();
      expect(await (await back(level)).drain()).toEqual([]);
    },
  );

  test('v5.0 [MQTT-4.3.3-7] a PUBLISH that was sent once does not expire before it is completed', async () => {
    const client = await subscriber(5, 2);
    await ground.publish('t', 'x', { qos: 2, properties: { messageExpiryInterval: 10 } });
    const { messageId = 0 } = await expectNext(client, 'publish');
    await client.drop();
    ground.clock.advance(60_000);
    const again = await back(5);
    expect(await expectNext(again, 'publish')).toMatchObject({ messageId, dup: true });
    again.send({ cmd: 'pubrec', messageId });
    expect(await expectNext(again, 'pubrel')).toMatchObject({ messageId });
  });
});

describe('order', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.6.0-1] v5.0 [MQTT-4.6.0-1] what is sent again comes in its first order, before what waited (level %i)',
    async (level) => {
      const client = await subscriber(level, 2);
      for (const [at, qos] of ([1, 2, 1, 2] as const).entries()) await ground.publish('t', `${at}`, { qos });
      const sent = payloads(await client.drain());
      await client.drop();
      for (const later of ['4', '5']) await ground.publish('t', later);
      const again = payloads(await (await back(level)).drain());
      expect(again).toEqual([...sent, '4', '5']);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.6.0-5] [MQTT-4.6.0-6] v5.0 [MQTT-4.6.0-5] [MQTT-4.6.0-6] messages of one client arrive in their order on every topic, by QoS (level %i)',
    async (level) => {
      const client = await ground.open(level, 'sub', lasting(level));
      await client.subscribe('#', 2);
      const publisher = await ground.open(level, 'pub', { keepalive: 0 });
      const order: Record<string, string[]> = {};
      for (let at = 1; at <= 60; at += 1) {
        const qos = (at % 3) as 0 | 1 | 2;
        const topic = `topic/${at % 2}`;
        (order[`${topic} ${qos}`] ??= []).push(`${at}`);
        publisher.send(message({ topic, qos, messageId: at, payload: `${at}` }));
      }
      await publisher.drain();
      const seen: Record<string, string[]> = {};
      for (const packet of await client.drain()) {
        if (packet.cmd !== 'publish') continue;
        (seen[`${packet.topic} ${packet.qos}`] ??= []).push(packet.payload.toString());
      }
      expect(seen).toEqual(order);
    },
  );
});

describe('sessions', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.4-3] [MQTT-3.2.2-2] [MQTT-3.2.2-3] [MQTT-4.5.0-1] [MQTT-4.1.0-1] v5.0 [MQTT-3.1.2-5] [MQTT-3.1.2-6] [MQTT-3.1.2-23] [MQTT-3.1.4-4] [MQTT-3.2.2-3] [MQTT-4.5.0-1] one that lasts is made, kept with QoS 1 and 2, and resumed (level %i)',
    async (level) => {
      const client = await ground.open(level, 'sub', lasting(level));
      expect(client.sessionPresent).toBe(false);
      await client.subscribe('t', 2);
      await client.drop();
      for (const [at, qos] of ([1, 2] as const).entries()) await ground.publish('t', `${at}`, { qos });
      const again = await back(level);
      expect(again.sessionPresent).toBe(true);
      expect(payloads(await again.drain())).toEqual(['0', '1']);
      await ground.publish('t', 'live');
      expect(payloads(await again.drain())).toEqual(['live']);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-6] [MQTT-3.2.2-1] v5.0 [MQTT-3.1.2-4] [MQTT-3.2.2-2] [MQTT-3.1.4-4] a clean start discards it (level %i)',
    async (level) => {
      const client = await subscriber(level, 1);
      await client.drop();
      await ground.publish('t', 'lost');
      const fresh = await ground.open(level, 'sub', { ...lasting(level), clean: true });
      expect(fresh.sessionPresent).toBe(false);
      await ground.publish('t', 'not subscribed');
      expect(await fresh.drain()).toEqual([]);
    },
  );

  test('v3.1.1 [MQTT-3.1.2-6] a clean session ends with its connection', async () => {
    const client = await ground.open(4, 'sub');
    await client.subscribe('t', 1);
    await client.drop();
    await ground.online(0);
    const again = await ground.open(4, 'sub', { clean: false });
    expect(again.sessionPresent).toBe(false);
  });

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.1.0-2] v5.0 [MQTT-4.1.0-1] it lasts while its client is connected, however long (level %i)',
    async (level) => {
      await ground.start({ limits: { sessionExpirySecondsMax: 3_600 } });
      const client = await subscriber(level, 1);
      for (let hour = 0; hour < 5; hour += 1) {
        ground.clock.advance(3_600_000);
        expect(await client.drain()).toEqual([]);
      }
      await ground.publish('t');
      expect(payloads(await client.drain())).toEqual(['x']);
    },
  );

  test('v5.0 [MQTT-4.1.0-2] it is discarded when its expiry has passed, and not before', async () => {
    for (const [waitMs, present] of [
      [59_999, true],
      [60_000, false],
    ] as const) {
      const fields = { clean: false, properties: { sessionExpiryInterval: 60 } };
      const client = await ground.open(5, `after ${waitMs}`, fields);
      await client.drop();
      await ground.online(0);
      ground.clock.advance(waitMs);
      const again = await ground.open(5, `after ${waitMs}`, fields);
      expect(again.sessionPresent).toBe(present);
      await again.drop();
      await ground.online(0);
    }
  });
});
