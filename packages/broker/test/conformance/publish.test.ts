import { describe, expect, test } from 'vitest';
import { message, payloads } from '../support/messages.ts';
import type { RawClient } from '../support/raw-client.ts';
import { publishBytes } from './bytes.ts';
import { expectCut, expectNext, type Level, LEVELS, topics, useBroker } from './support.ts';

const ground = useBroker();

const retain = (payload: string, fields: Parameters<typeof message>[0] = {}) =>
  message({ retain: true, payload, ...fields });

/** What a new subscription of a new client is given at once. */
async function retainedNow(level: Level, topic = '#', qos: 0 | 1 | 2 = 2): Promise<readonly unknown[]> {
  const client = await ground.open(level, 'later');
  await client.subscribe(topic, qos);
  const packets = await client.drain();
  await client.drop();
  return packets.map((packet) =>
    packet.cmd === 'publish' ? [packet.topic, packet.payload.toString(), packet.qos, packet.retain] : packet,
  );
}

describe('DUP and QoS', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-2] [MQTT-4.3.1-1] v5.0 [MQTT-3.3.1-2] [MQTT-4.3.1-1] DUP is 0 at QoS 0: not taken, not sent (level %i)',
    async (level) => {
      const seen = await ground.open(level, 'seen');
      await seen.subscribe('t');
      const client = await ground.open(level, 'c');
      client.send(message({ qos: 1, dup: true }));
      expect(await expectNext(seen, 'publish')).toMatchObject({ qos: 0, dup: false });
      client.write(publishBytes(level, { header: 0x38 }));
      await client.next();
      await expectCut(client, level, 0x81);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-3] v5.0 [MQTT-3.3.1-3] DUP of what was received is not passed on (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('t', 2);
      client.send(message({ qos: 1, messageId: 5, dup: true }));
      client.send(message({ qos: 2, messageId: 6, dup: true }));
      const packets = await client.drain();
      expect(packets.filter(({ cmd }) => cmd === 'publish')).toMatchObject([{ dup: false }, { dup: false }]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-4] v5.0 [MQTT-3.3.1-4] QoS 3 closes the connection (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      client.write(publishBytes(level, { header: 0x36, id: 1 }));
      await expectCut(client, level, 0x81);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.4-1] v5.0 [MQTT-3.3.4-1] QoS 0 is not answered, QoS 1 by PUBACK, QoS 2 by PUBREC (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      const answers: unknown[] = [];
      for (const qos of [0, 1, 2] as const) {
        client.send(message({ qos }));
        answers.push((await client.drain()).map(({ cmd }) => cmd));
      }
      expect(answers).toEqual([[], ['puback'], ['pubrec']]);
    },
  );
});

describe('retained messages', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7] [MQTT-3.3.1-8] v5.0 [MQTT-3.3.1-5] the last one of each topic comes to new subscriptions, with its QoS and RETAIN (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      client.send(retain('old', { topic: 'a', qos: 2 }));
      client.send(retain('new', { topic: 'a' }));
      client.send(retain('one', { topic: 'b', qos: 1, messageId: 2 }));
      await client.drain();
      expect(await retainedNow(level)).toEqual([
        ['a', 'new', 0, true],
        ['b', 'one', 1, true],
      ]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-9] v5.0 [MQTT-3.3.1-12] an established subscription gets RETAIN 0 (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('t');
      client.send(retain('live'));
      expect(await expectNext(client, 'publish')).toMatchObject({ retain: false });
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-10] [MQTT-3.3.1-11] v5.0 [MQTT-3.3.1-6] [MQTT-3.3.1-7] an empty one is delivered, removes what was there and is not kept (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('t');
      client.send(retain('kept'));
      client.send(retain(''));
      client.send(retain('', { topic: 'never' }));
      expect(payloads(await client.drain())).toEqual(['kept', '']);
      expect(await retainedNow(level)).toEqual([]);
      expect(ground.broker.stats().retained).toBe(0);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.1-12] v5.0 [MQTT-3.3.1-8] a message without RETAIN neither replaces nor removes one (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      client.send(retain('kept'));
      client.send(message({ payload: 'passing' }));
      client.send(message({ payload: '' }));
      client.send(message({ topic: 'other' }));
      await client.drain();
      expect(await retainedNow(level)).toEqual([['t', 'kept', 0, true]]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-7] they outlive the session of who published them (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      client.send(retain('kept'));
      await client.drain();
      await client.drop();
      await ground.online(0);
      expect(await retainedNow(level)).toEqual([['t', 'kept', 0, true]]);
    },
  );

  test.each([
    [0, ['x'], ['x']],
    [1, ['x'], []],
    [2, [], []],
  ] as const)(
    'v5.0 [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11] Retain Handling %i sends %j to new and %j to existing subscriptions',
    async (rh, toNew, toExisting) => {
      const client = await ground.open(5, 'c');
      client.send(retain('x'));
      for (const expected of [toNew, toExisting]) {
        client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0, rh }] });
        await expectNext(client, 'suback');
        expect(payloads(await client.drain())).toEqual(expected);
      }
    },
  );

  test('v5.0 [MQTT-3.3.1-13] Retain As Published passes the flag on as it was', async () => {
    const client = await ground.open(5, 'c');
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0, rap: true }] });
    await expectNext(client, 'suback');
    client.send(retain('x'));
    client.send(message());
    expect(await client.drain()).toMatchObject([{ retain: true }, { retain: false }]);
  });
});

describe('the topic name', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.2-1] v5.0 [MQTT-3.3.2-1] comes first and whole, else the connection is closed (level %i)',
    async (level) => {
      for (const bytes of [
        Buffer.from([0x30, 0]),
        Buffer.from([0x30, 1, 0]),
        Buffer.from([0x30, 3, 0, 9, 0x74]),
      ]) {
        const client = await ground.open(level, 'c');
        client.write(bytes);
        await expectCut(client, level, 0x81);
      }
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.2-2] [MQTT-4.7.1-1] v5.0 [MQTT-3.3.2-2] [MQTT-4.7.0-1] with a wildcard closes the connection, and nobody gets it (level %i)',
    async (level) => {
      const seen = await ground.witness();
      for (const topic of ['#', '+', 'a/#', 'a/+/b', 'a+']) {
        const client = await ground.open(level, 'c');
        client.send(message({ topic }));
        await expectCut(client, level, 0x90);
      }
      expect(topics(await seen.drain())).toEqual([]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.2-3] v5.0 [MQTT-3.3.2-3] of what a client gets is the published one, and matches its filter (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('a/+/c');
      for (const topic of ['a/b/c', 'a/b', 'a/b/c/d', 'a//c', 'A/b/c']) client.send(message({ topic }));
      expect(topics(await client.drain())).toEqual(['a/b/c', 'a//c']);
    },
  );
});

describe('delivery', () => {
  /** Subscribes in MQTT 5 with an identifier. */
  async function subscribe(
    client: RawClient,
    topic: string,
    qos: 0 | 1 | 2,
    subscriptionIdentifier?: number,
  ) {
    const properties = subscriptionIdentifier === undefined ? {} : { properties: { subscriptionIdentifier } };
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }], ...properties });
    await expectNext(client, 'suback');
  }

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.3.5-1] v5.0 [MQTT-3.3.4-2] overlapping subscriptions give one copy at the highest QoS (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      await client.subscribe('a/#', 0);
      await client.subscribe('a/b', 2);
      await client.subscribe('+/b', 1);
      await ground.publish('a/b', 'x', { qos: 2 });
      expect(await client.drain()).toMatchObject([{ cmd: 'publish', qos: 2 }]);
    },
  );

  test('v5.0 [MQTT-3.3.4-3] [MQTT-3.3.4-4] that copy carries the identifiers of all that have one', async () => {
    const client = await ground.open(5, 'c');
    await subscribe(client, 'a/#', 0, 268_435_455);
    await subscribe(client, 'a/b', 1, 2);
    await subscribe(client, '+/b', 1);
    await ground.publish('a/b');
    const [packet, ...more] = await client.drain();
    const ids = packet?.cmd === 'publish' ? packet.properties?.subscriptionIdentifier : undefined;
    expect(new Set([ids].flat())).toEqual(new Set([268_435_455, 2]));
    expect(more).toEqual([]);
  });

  test('v5.0 [MQTT-3.3.4-5] a shared subscription is a copy of its own with its own identifier', async () => {
    const client = await ground.open(5, 'c');
    await subscribe(client, 'a/b', 1, 7);
    await subscribe(client, '$share/g/a/b', 1, 8);
    await ground.publish('a/b');
    const ids = (await client.drain()).map(
      (packet) => packet.cmd === 'publish' && packet.properties?.subscriptionIdentifier,
    );
    expect(ids).toEqual([7, 8]);
  });

  test('v5.0 [MQTT-3.3.4-6] a subscription identifier from a client closes the connection', async () => {
    const client = await ground.open(5, 'c');
    client.write(publishBytes(5, { list: Buffer.from([11, 1]) }));
    await expectCut(client, 5, 0x82);
  });

  test('v5.0 [MQTT-3.3.4-9] [MQTT-3.3.4-10] [MQTT-4.9.0-1] [MQTT-4.9.0-2] [MQTT-4.9.0-3] no more in flight than the client takes, and all else goes on', async () => {
    const client = await ground.open(5, 'c', { properties: { receiveMaximum: 2 } });
    await client.subscribe('t', 2);
    for (const [at, qos] of ([1, 2, 1, 2] as const).entries()) {
      await ground.publish('t', `${at}`, { qos, messageId: at + 1 });
    }
    const [first, second, ...more] = await client.drain();
    expect(more).toEqual([]);
    client.send({ cmd: 'subscribe', messageId: 9, subscriptions: [{ topic: 'u', qos: 0 }] });
    await expectNext(client, 'suback');
    await ground.publish('u', 'at QoS 0');
    expect(payloads(await client.drain())).toEqual(['at QoS 0']);
    client.send({ cmd: 'puback', messageId: first?.messageId ?? 0, reasonCode: 0 });
    expect(payloads(await client.drain())).toEqual(['2']);
    client.send({ cmd: 'pubrec', messageId: second?.messageId ?? 0, reasonCode: 0 });
    expect((await client.drain()).map(({ cmd }) => cmd)).toEqual(['pubrel']);
    client.send({ cmd: 'pubcomp', messageId: second?.messageId ?? 0, reasonCode: 0 });
    expect(payloads(await client.drain())).toEqual(['3']);
  });

  test('v5.0 [MQTT-3.3.4-7] who exceeds the server’s Receive Maximum is told 0x93', async () => {
    await ground.start({ limits: { inflightMax: 2 } });
    const client = await ground.open(5, 'c');
    for (const messageId of [1, 2, 3]) client.send(message({ qos: 2, messageId }));
    await expectCut(client, 5, 0x93);
  });

  test('v3.1.1 [MQTT-3.3.5-2] a PUBLISH without permission is acknowledged and dropped', async () => {
    const login = { username: 'u', password: Buffer.from('p') };
    const rules = [{ permission: 'allow', action: 'subscribe', topic: '#' }] as const;
    await ground.start({ anonymous: 'deny', credentials: [{ username: 'u', password: 'p', rules }] });
    const client = await ground.open(4, 'c', login);
    await client.subscribe('#');
    client.send(message({ qos: 1, messageId: 1 }));
    client.send(message({ qos: 2, messageId: 2 }));
    client.send({ cmd: 'pubrel', messageId: 2 });
    expect((await client.drain()).map(({ cmd }) => cmd)).toEqual(['puback', 'pubrec', 'pubcomp']);
  });
});
