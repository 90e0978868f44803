import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/config.ts';
import { message, payloads } from '../support/messages.ts';
import type { RawClient } from '../support/raw-client.ts';
import { ILL_FORMED, longProperty, publishBytes, userProperty } from './bytes.ts';
import { expectCut, expectNext, topics, useBroker } from './support.ts';

const ground = useBroker();

/** Sends a PUBLISH with these properties and returns the bytes that its subscriber gets. */
async function forwarded(list: Buffer): Promise<Buffer> {
  const subscriber = await ground.open(5, 'sub');
  await subscriber.subscribe('t');
  const publisher = await ground.open(5, 'pub');
  const before = subscriber.received.length;
  publisher.write(publishBytes(5, { list }));
  await expectNext(subscriber, 'publish');
  return subscriber.received.subarray(before);
}

describe('what is forwarded unaltered', () => {
  test.each([
    ['payload format', Buffer.from([1, 1])],
    ['response topic', longProperty(8, 'answers/ä')],
    ['correlation data', longProperty(9, Buffer.from([0, 255, 0]))],
    ['content type', longProperty(3, 'text/plain; charset=utf-8')],
    ['user properties', userProperty('', '')],
    ['their order', Buffer.concat([userProperty('b', '1'), userProperty('a', '2'), userProperty('b', '1')])],
  ])(
    'v5.0 [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20] the server forwards as they were: %s',
    async (_what, list) => {
      expect(await forwarded(list)).toEqual(publishBytes(5, { list }));
    },
  );

  test('v5.0 [MQTT-3.3.2-17] all of them to a subscriber that comes later, and none to an MQTT 3.1.1 one', async () => {
    const list = Buffer.concat([Buffer.from([1, 0]), userProperty('a', 'b'), longProperty(9, 'c')]);
    const publisher = await ground.open(5, 'pub');
    publisher.write(publishBytes(5, { header: 0x31, list }));
    await publisher.drain();
    const later = await ground.open(5, 'later');
    await later.subscribe('t');
    await expectNext(later, 'publish');
    expect(later.received.subarray(-publishBytes(5, { list }).length)).toEqual(
      publishBytes(5, { header: 0x31, list }),
    );
    const old = await ground.open(4, 'old');
    await old.subscribe('t');
    await expectNext(old, 'publish');
    expect(old.received.subarray(-publishBytes(4).length)).toEqual(publishBytes(4, { header: 0x31 }));
  });
});

describe('what is checked', () => {
  test.each([
    ['the response topic', 8],
    ['the content type', 3],
  ])('v5.0 [MQTT-3.3.2-13] [MQTT-3.3.2-19] %s is text', async (_what, identifier) => {
    for (const bad of [...ILL_FORMED, Buffer.from('a\0')]) {
      const client = await ground.open(5, 'c');
      client.write(publishBytes(5, { list: longProperty(identifier, bad) }));
      await expectCut(client, 5, 0x81);
    }
  });

  test('v5.0 [MQTT-3.3.2-14] a response topic with a wildcard is a protocol error', async () => {
    for (const topic of ['#', 'a/+']) {
      const client = await ground.open(5, 'c');
      client.write(publishBytes(5, { list: longProperty(8, topic) }));
      await expectCut(client, 5, 0x82);
    }
  });
});

describe('the payload format, where it is checked', () => {
  const asText = (payload: Buffer, qos: 0 | 1 | 2) =>
    message({ payload, qos, messageId: qos, properties: { payloadFormatIndicator: true } });

  test('a payload that says it is UTF-8 and is not is refused with 0x99, and nobody gets it', async () => {
    await ground.start({ limits: { payloadFormatCheckBytesMax: 10 } });
    const seen = await ground.witness();
    const client = await ground.open(5, 'c');
    const wrong = Buffer.from([0xff]);
    for (const qos of [0, 1, 2] as const) client.send(asText(wrong, qos));
    expect(await client.drain()).toMatchObject([
      { cmd: 'puback', reasonCode: 0x99, properties: { reasonString: 'payload format invalid' } },
      { cmd: 'pubrec', reasonCode: 0x99 },
    ]);
    client.send(asText(Buffer.from('text'), 0));
    client.send(asText(Buffer.alloc(11, 0xff), 0));
    await client.drain();
    expect(await seen.drain()).toMatchObject([
      { payload: Buffer.from('text') },
      { payload: Buffer.alloc(11, 0xff) },
    ]);
    const will = { topic: 'w', payload: wrong, properties: { payloadFormatIndicator: true } };
    expect(await ground.connack(5, { will })).toMatchObject({ cmd: 'connack', reasonCode: 0x99 });
    expect(ground.broker.stats().bounds).toMatchObject({ payloadFormatCheckBytesMax: 4 });
  });

  test('by default it is not', async () => {
    const client = await ground.open(5, 'c');
    await client.subscribe('t');
    client.send(asText(Buffer.from([0xff]), 0));
    expect(await client.drain()).toMatchObject([{ payload: Buffer.from([0xff]) }]);
  });
});

describe('message expiry', () => {
  const expiring = (messageId: number, messageExpiryInterval: number) =>
    message({ qos: 1, messageId, payload: `${messageId}`, properties: { messageExpiryInterval } });

  test('v5.0 [MQTT-3.3.2-5] [MQTT-3.3.2-6] what waited too long is deleted, and the rest says how long is left', async () => {
    const fields = { clean: false, properties: { sessionExpiryInterval: 1_000 } };
    const subscriber = await ground.open(5, 'sub', fields);
    await subscriber.subscribe('t', 1);
    await subscriber.drop();
    const publisher = await ground.open(5, 'pub', { keepalive: 0 });
    for (const packet of [expiring(1, 20), expiring(2, 21), expiring(3, 60)]) publisher.send(packet);
    await publisher.drain();
    ground.clock.advance(20_000);
    const again = await ground.open(5, 'sub', fields);
    expect(await again.drain()).toMatchObject([
      { payload: Buffer.from('2'), properties: { messageExpiryInterval: 1 } },
      { payload: Buffer.from('3'), properties: { messageExpiryInterval: 40 } },
    ]);
  });

  test('v5.0 [MQTT-3.3.2-5] [MQTT-3.3.2-6] of a retained message alike', async () => {
    const publisher = await ground.open(5, 'pub');
    publisher.send(message({ retain: true, properties: { messageExpiryInterval: 30 } }));
    await publisher.drain();
    ground.clock.advance(10_000);
    const early = await ground.open(5, 'early');
    await early.subscribe('t');
    expect(await early.drain()).toMatchObject([{ properties: { messageExpiryInterval: 20 } }]);
    ground.clock.advance(20_000);
    const late = await ground.open(5, 'late');
    await late.subscribe('t');
    expect(await late.drain()).toEqual([]);
  });
});

describe('topic aliases', () => {
  const aliased = (topic: string, topicAlias: number) => message({ topic, properties: { topicAlias } });
  const seenBy = async (client: RawClient) =>
    (await client.drain()).map((packet) =>
      packet.cmd === 'publish' ? [packet.topic, packet.properties?.topicAlias] : [packet.cmd],
    );

  test('v5.0 [MQTT-3.3.2-7] end with their connection, both ways', async () => {
    const fields = { properties: { sessionExpiryInterval: 60, topicAliasMaximum: 5 }, clean: false };
    const client = await ground.open(5, 'c', fields);
    await client.subscribe('#', 1);
    client.send(aliased('a', 1));
    expect(await seenBy(client)).toEqual([['a', 1]]);
    await client.drop();
    const again = await ground.open(5, 'c', fields);
    await ground.publish('a');
    expect(await seenBy(again)).toEqual([['a', 1]]);
    again.send(aliased('', 1));
    await expectCut(again, 5, 0x82);
  });

  test('v5.0 [MQTT-3.3.2-8] an alias of 0 closes the connection', async () => {
    const client = await ground.open(5, 'c');
    client.write(publishBytes(5, { list: Buffer.from([35, 0, 0]) }));
    const told = (await client.closed()).at(-1);
    expect(told?.cmd === 'disconnect' && told.reasonCode).toEqual(expect.toBeOneOf([0x82, 0x94]));
  });

  test('v5.0 [MQTT-3.3.2-9] one above the maximum of CONNACK closes the connection', async () => {
    const client = await ground.open(5, 'c');
    client.send(aliased('a', LIMITS.topicAliasesMax + 1));
    await expectCut(client, 5, 0x94);
  });

  test('v5.0 [MQTT-3.3.2-12] each one up to that maximum is taken', async () => {
    const seen = await ground.witness();
    const client = await ground.open(5, 'c');
    const all = Array.from({ length: LIMITS.topicAliasesMax }, (_, at) => at + 1);
    for (const alias of all) client.send(aliased(`topic/${alias}`, alias));
    for (const alias of all) client.send(aliased('', alias));
    await client.drain();
    const expected = all.map((alias) => `topic/${alias}`);
    expect(topics(await seen.drain())).toEqual([...expected, ...expected]);
  });

  test('v5.0 [MQTT-3.1.2-26] [MQTT-3.1.2-27] [MQTT-3.3.2-11] none above the client’s maximum is sent, none at all without', async () => {
    const some = await ground.open(5, 'some', { properties: { topicAliasMaximum: 2 } });
    const zero = await ground.open(5, 'zero', { properties: { topicAliasMaximum: 0 } });
    const none = await ground.open(5, 'none');
    for (const client of [some, zero, none]) await client.subscribe('#');
    for (const topic of ['a', 'b', 'c', 'a', 'c']) await ground.publish(topic);
    expect(await seenBy(some)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', undefined],
      ['', 1],
      ['c', undefined],
    ]);
    for (const client of [zero, none]) {
      expect((await seenBy(client)).map(([, alias]) => alias)).toEqual(Array(5).fill(undefined));
    }
  });
});

describe('the client’s Maximum Packet Size', () => {
  test('v5.0 [MQTT-3.1.2-24] [MQTT-3.1.2-25] a message of exactly that size is sent, a larger one discarded and over with', async () => {
    const whole = publishBytes(5, { header: 0x32, id: 1, payload: 'x'.repeat(40) }).length;
    const properties = { maximumPacketSize: whole, receiveMaximum: 1, sessionExpiryInterval: 60 };
    const client = await ground.open(5, 'c', { properties });
    await client.subscribe('t', 1);
    await ground.publish('t', 'y'.repeat(41));
    await ground.publish('t', 'x'.repeat(40));
    expect(payloads(await client.drain())).toEqual(['x'.repeat(40)]);
    await client.drop();
    const again = await ground.open(5, 'c', { clean: false, properties: { sessionExpiryInterval: 60 } });
    expect(payloads(await again.drain())).toEqual(['x'.repeat(40)]);
  });
});
