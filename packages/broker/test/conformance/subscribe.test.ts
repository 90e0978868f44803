import { describe, expect, test } from 'vitest';
import { message, payloads } from '../support/messages.ts';
import type { RawClient } from '../support/raw-client.ts';
import { ILL_FORMED, packetId, properties, subscribeBytes, unsubscribeBytes } from './bytes.ts';
import { frame } from '../support/raw-client.ts';
import { expectCut, expectNext, type Level, LEVELS, topics, useBroker } from './support.ts';

const ground = useBroker();

const FORBIDDEN = [
  { permission: 'deny', action: 'subscribe', topic: 'no' },
  { permission: 'allow', action: 'all', topic: '#' },
] as const;

/** Restarts with a rule that forbids the filter `no`. */
async function openRuled(level: Level): Promise<RawClient> {
  await ground.start({
    anonymous: 'deny',
    credentials: [{ username: 'u', password: 'p', rules: FORBIDDEN }],
  });
  return ground.open(level, 'c', { username: 'u', password: Buffer.from('p') });
}

describe('SUBSCRIBE', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.8.1-1] [MQTT-3.10.1-1] v5.0 [MQTT-3.8.1-1] [MQTT-3.10.1-1] and UNSUBSCRIBE with other flags than 0010 close the connection (level %i)',
    async (level) => {
      for (const flags of [0, 1, 3, 6, 10]) {
        for (const bytes of [
          subscribeBytes(level, { header: 0x80 | flags }),
          unsubscribeBytes(level, { header: 0xa0 | flags }),
        ]) {
          const client = await ground.open(level, 'c');
          client.write(bytes);
          await expectCut(client, level, 0x81);
        }
      }
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.8.3-1] [MQTT-3.10.3-1] v5.0 [MQTT-3.8.3-1] [MQTT-3.10.3-1] filters are text, here and in UNSUBSCRIBE (level %i)',
    async (level) => {
      for (const bad of ILL_FORMED) {
        for (const bytes of [
          subscribeBytes(level, { filters: ['good', bad] }),
          unsubscribeBytes(level, { filters: ['good', bad] }),
        ]) {
          const client = await ground.open(level, 'c');
          client.write(bytes);
          await expectCut(client, level, 0x81);
        }
      }
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.8.3-3] [MQTT-3.10.3-2] v5.0 [MQTT-3.8.3-2] [MQTT-3.10.3-2] and UNSUBSCRIBE without a filter close the connection (level %i)',
    async (level) => {
      for (const header of [0x82, 0xa2]) {
        const client = await ground.open(level, 'c');
        client.write(frame(header, Buffer.concat([packetId(1), properties(level)])));
        await expectCut(client, level, 0x82);
      }
    },
  );

  test.each([
    [4, [0x03, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80]],
    [5, [0x03, 0x40, 0x80]],
  ] as const)(
    'v3.1.1 [MQTT-3.8.3-4] v5.0 [MQTT-3.8.3-5] reserved bits and QoS 3 close the connection (level %i)',
    async (level, wrong) => {
      for (const options of wrong) {
        const client = await ground.open(level, 'c');
        client.write(subscribeBytes(level, { options }));
        await expectCut(client, level, 0x81);
      }
    },
  );

  test('v5.0 [MQTT-3.8.3-3] No Local keeps a client’s messages from itself, and from nobody else', async () => {
    const client = await ground.open(5, 'c');
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0, nl: true }] });
    await expectNext(client, 'suback');
    client.send(message({ payload: 'own' }));
    await ground.publish('t', 'other');
    expect(payloads(await client.drain())).toEqual(['other']);
  });

  test('v5.0 [MQTT-3.8.3-4] No Local on a shared subscription closes the connection', async () => {
    const client = await ground.open(5, 'c');
    client.write(subscribeBytes(5, { filters: ['$share/g/t'], options: 0x04 }));
    await expectCut(client, 5, 0x82);
  });
});

describe('SUBACK', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.8.4-1] [MQTT-3.8.4-4] [MQTT-3.8.4-5] [MQTT-3.9.3-1] [MQTT-3.9.3-2] v5.0 [MQTT-3.8.4-1] [MQTT-3.8.4-5] [MQTT-3.8.4-6] [MQTT-3.8.4-7] [MQTT-3.9.3-1] [MQTT-3.9.3-2] [MQTT-3.2.2-10] one answer has a code for each filter, in order (level %i)',
    async (level) => {
      const client = await openRuled(level);
      const filters = [
        ['a', 2],
        ['no', 0],
        ['b', 0],
        ['wrong#', 1],
        ['c/+', 1],
      ] as const;
      client.send({
        cmd: 'subscribe',
        messageId: 7,
        subscriptions: filters.map(([topic, qos]) => ({ topic, qos })),
      });
      const [suback, ...more] = await client.drain();
      const failures = level === 5 ? [0x87, 0x8f] : [0x80, 0x80];
      expect(suback).toMatchObject({ cmd: 'suback', granted: [2, failures[0], 0, failures[1], 1] });
      expect(more).toEqual([]);
      for (const topic of ['a', 'no', 'b', 'c/x']) client.send(message({ topic }));
      expect(topics(await client.drain())).toEqual(['a', 'b', 'c/x']);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.8.4-3] v5.0 [MQTT-3.8.4-3] [MQTT-3.8.4-4] the same filter again replaces the subscription, resends what is retained and loses nothing (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      client.send(message({ retain: true, payload: 'kept' }));
      await client.subscribe('t', 0);
      const publisher = await ground.open(level, 'pub');
      const sent = Array.from({ length: 20 }, (_, at) => `${at}`);
      for (const payload of sent) {
        publisher.send(message({ payload, qos: 1 }));
        client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 1 }] });
      }
      await publisher.drain();
      const received = await client.drain();
      expect(payloads(received).filter((payload) => payload !== 'kept')).toEqual(sent);
      expect(payloads(received).filter((payload) => payload === 'kept')).toHaveLength(21);
      await ground.publish('t', 'last');
      expect(await client.drain()).toMatchObject([{ cmd: 'publish', qos: 1 }]);
      expect(ground.broker.stats().subscriptions).toBe(1);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.8.4-6] v5.0 [MQTT-3.8.4-8] messages come at the lower of published and granted QoS (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      const pairs = [0, 1, 2].flatMap((published) => [0, 1, 2].map((granted) => [published, granted]));
      for (const [published, granted] of pairs as [0 | 1 | 2, 0 | 1 | 2][]) {
        await client.subscribe('t', granted);
        await ground.publish('t', 'x', { qos: published });
        const lower = published < granted ? published : granted;
        expect(await expectNext(client, 'publish')).toMatchObject({ qos: lower });
      }
    },
  );
});

describe('UNSUBSCRIBE', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.10.4-1] [MQTT-3.10.4-2] v5.0 [MQTT-3.10.4-1] [MQTT-3.10.4-2] deletes what is equal character by character, nothing else (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('a/+', 0);
      for (const filter of ['a/b', 'A/+', 'a/#', 'a/+/', '+/+']) {
        client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [filter] });
      }
      client.send(message({ topic: 'a/b' }));
      expect(topics(await client.drain())).toEqual(['a/b']);
      client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a/+'] });
      client.send(message({ topic: 'a/b' }));
      expect(topics(await client.drain())).toEqual([]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.10.4-3] v5.0 [MQTT-3.10.4-3] leaves what is in flight to be completed (level %i)',
    async (level) => {
      const fields = { clean: false, ...(level === 5 && { properties: { sessionExpiryInterval: 60 } }) };
      const client = await ground.open(level, 'c', fields);
      await client.subscribe('t', 2);
      await ground.publish('t', 'one', { qos: 1 });
      await ground.publish('t', 'two', { qos: 2 });
      const ids = [await expectNext(client, 'publish'), await expectNext(client, 'publish')];
      client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['t'] });
      await expectNext(client, 'unsuback');
      await client.drop();
      const again = await ground.open(level, 'c', fields);
      expect(payloads(await again.drain())).toEqual(['one', 'two']);
      again.send({ cmd: 'pubrec', messageId: ids[1]?.messageId ?? 0 });
      expect(await again.drain()).toMatchObject([{ cmd: 'pubrel' }]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.10.4-6] v5.0 [MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.10.4-6] [MQTT-3.11.3-1] [MQTT-3.11.3-2] is answered once for all its filters, whether they were there or not (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('a', 0);
      await client.subscribe('b', 0);
      client.send({ cmd: 'unsubscribe', messageId: 99, unsubscriptions: ['x', 'a', 'y', 'b'] });
      client.send({ cmd: 'unsubscribe', messageId: 100, unsubscriptions: ['a'] });
      expect(await client.drain()).toMatchObject([
        { cmd: 'unsuback', messageId: 99, ...(level === 5 && { granted: [0x11, 0, 0x11, 0] }) },
        { cmd: 'unsuback', messageId: 100, ...(level === 5 && { granted: [0x11] }) },
      ]);
      expect(ground.broker.stats().subscriptions).toBe(0);
    },
  );
});
