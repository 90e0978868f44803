import type { IPublishPacket } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { message, payloads } from './support/messages.ts';
import { field, frame, RawClient } from './support/raw-client.ts';

let running: TestBroker;

async function restart(options: TestBrokerOptions): Promise<TestBroker> {
  await running.broker.stop();
  running = await startBroker(options);
  return running;
}

beforeEach(async () => {
  running = await startBroker();
});
afterEach(() => running.broker.stop());

const open = (clientId: string, fields: Parameters<typeof RawClient.connect>[1] = {}) =>
  RawClient.connect(running.port, { clientId, ...fields });

describe('quality of service', () => {
  test.each([
    [0, 0, 0],
    [0, 2, 0],
    [1, 0, 0],
    [1, 2, 1],
    [2, 1, 1],
    [2, 2, 2],
  ] as const)(
    'published at %i and subscribed at %i arrives at %i',
    async (published, subscribed, expected) => {
      const subscriber = await open('sub');
      await subscriber.subscribe('t', subscribed);
      const publisher = await open('pub');
      publisher.send(message({ qos: published }));
      expect(await subscriber.next()).toMatchObject({ cmd: 'publish', qos: expected, dup: false });
    },
  );

  test('QoS 2 is published once, however often the PUBLISH comes before its PUBREL v3.1.1 [MQTT-4.3.3-2]', async () => {
    const subscriber = await open('sub');
    await subscriber.subscribe('t');
    const publisher = await open('pub');
    publisher.send(message({ qos: 2 }));
    publisher.send(message({ qos: 2, dup: true }));
    publisher.send({ cmd: 'pubrel', messageId: 1 });
    publisher.send(message({ qos: 2, payload: 'next' }));
    const answers = await publisher.drain();
    expect(answers.map(({ cmd }) => cmd)).toEqual(['pubrec', 'pubrec', 'pubcomp', 'pubrec']);
    expect(payloads(await subscriber.drain())).toEqual(['x', 'next']);
  });

  test('PUBREL and PUBREC for unknown packet ids are answered with 0x92', async () => {
    const client = await open('c', { protocolVersion: 5 });
    client.send({ cmd: 'pubrel', messageId: 7 });
    client.send({ cmd: 'pubrec', messageId: 8, reasonCode: 0 });
    client.send({ cmd: 'puback', messageId: 9, reasonCode: 0 });
    client.send({ cmd: 'pubcomp', messageId: 9, reasonCode: 0 });
    expect(await client.drain()).toMatchObject([
      { cmd: 'pubcomp', messageId: 7, reasonCode: 0x92 },
      { cmd: 'pubrel', messageId: 8, reasonCode: 0x92 },
    ]);
  });

  test.each([
    [1, 'pubrec'],
    [2, 'puback'],
    [2, 'pubcomp'],
  ] as const)('a QoS %i message answered with %s is a protocol error', async (qos, cmd) => {
    const client = await open('c', { protocolVersion: 5 });
    await client.subscribe('t', 2);
    client.send(message({ qos, messageId: 9 }));
    let packet = await client.next();
    while (packet.cmd !== 'publish') packet = await client.next();
    client.send({ cmd, messageId: packet.messageId ?? 0, reasonCode: 0 });
    expect((await client.closed()).at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x82 });
  });

  test('a refusing PUBREC ends the exchange and moves the window on v5.0 [MQTT-4.4.0-2]', async () => {
    const client = await open('c', { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    await client.subscribe('t', 2);
    const publisher = await open('p');
    publisher.send(message({ qos: 2, messageId: 1, payload: 'one' }));
    publisher.send(message({ qos: 2, messageId: 2, payload: 'two' }));
    const first = await client.next();
    client.send({ cmd: 'pubrec', messageId: first.messageId ?? 0, reasonCode: 0x97 });
    expect(payloads([await client.next()])).toEqual(['two']);
  });
});

describe('flow control', () => {
  test('never more in flight than the Receive Maximum of the client, in order v5.0 [MQTT-3.3.4-9]', async () => {
    const subscriber = await open('sub', { protocolVersion: 5, properties: { receiveMaximum: 2 } });
    await subscriber.subscribe('t', 1);
    const publisher = await open('pub');
    for (const messageId of [1, 2, 3, 4, 5]) {
      publisher.send(message({ qos: 1, messageId, payload: String(messageId) }));
    }
    await publisher.drain();
    const seen: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const inFlight = await subscriber.drain();
      expect(inFlight.length).toBe(turn === 0 ? 2 : Math.min(1, 5 - seen.length));
      seen.push(...payloads(inFlight));
      subscriber.send({ cmd: 'puback', messageId: turn + 1, reasonCode: 0 });
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5']);
  });

  test('a client beyond the Receive Maximum of the server is cut with 0x93 v5.0 [MQTT-3.3.4-7]', async () => {
    await restart({ limits: { inflightMax: 2 } });
    const client = await open('c', { protocolVersion: 5 });
    for (const messageId of [1, 2, 3]) client.send(message({ qos: 2, messageId }));
    expect((await client.closed()).at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x93 });
  });

  test('a message larger than the client takes is left out v5.0 [MQTT-3.1.2-24]', async () => {
    const subscriber = await open('sub', { protocolVersion: 5, properties: { maximumPacketSize: 30 } });
    await subscriber.subscribe('t', 1);
    const publisher = await open('pub');
    publisher.send(message({ qos: 1, payload: 'x'.repeat(100) }));
    publisher.send(message({ qos: 1, messageId: 2, payload: 'small' }));
    await publisher.drain();
    expect(payloads(await subscriber.drain())).toEqual(['small']);
    expect(running.broker.stats().messages.dropped).toBe(1);
  });

  test('a packet larger than the server takes cuts the client with 0x95', async () => {
    await restart({ limits: { packetBytesMax: 1_000 } });
    const client = await open('c', { protocolVersion: 5 });
    client.send(message({ payload: 'x'.repeat(1_000) }));
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x95 });
  });

  test.each([
    ['its number', { queueMessagesMax: 2 }],
    ['its bytes', { queueBytesMax: 300 }],
    ['the bytes of all queues together', { queueBytesTotalMax: 300 }],
  ])('a queue over the bound of %s drops the oldest', async (_what, limits) => {
    await restart({ limits });
    const subscriber = await open('sub', { clean: false });
    await subscriber.subscribe('t', 1);
    await subscriber.drop();
    const publisher = await open('pub');
    for (const messageId of [1, 2, 3]) {
      publisher.send(message({ qos: 1, messageId, payload: String(messageId) }));
    }
    await publisher.drain();
    const again = await open('sub', { clean: false });
    expect(payloads(await again.drain())).toEqual(['2', '3']);
  });

  test('a reader that has stopped loses QoS 0 first and is cut with 0x97 in the end', async () => {
    const clock = new FakeClock();
    await restart({ clock, limits: { writeBufferBytesMax: 200_000, slowConsumerMsMax: 20_000 } });
    const stopped = await open('stopped', { protocolVersion: 5 });
    await stopped.subscribe('t');
    stopped.socket.pause();
    const publisher = await open('pub');
    while (running.broker.stats().messages.dropped === 0) {
      publisher.send(message({ payload: 'x'.repeat(100_000) }));
      await publisher.drain();
    }
    expect(running.broker.stats().connections.mqtt).toBe(2);
    clock.advance(20_000);
    await expect.poll(() => running.broker.stats().connections.mqtt).toBe(1);
    expect(await publisher.drain()).toEqual([]);
    stopped.socket.resume();
    expect((await stopped.closed()).at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x97 });
  });

  test('a slow reader that goes on reading gets all of QoS 1', async () => {
    await restart({ limits: { writeBufferBytesMax: 100_000 } });
    const slow = await open('slow');
    await slow.subscribe('t', 1);
    slow.socket.pause();
    const publisher = await open('pub');
    for (let messageId = 1; messageId <= 60; messageId += 1) {
      publisher.send(message({ qos: 1, messageId, payload: `${messageId}:${'x'.repeat(100_000)}` }));
    }
    await publisher.drain();
    slow.socket.resume();
    for (let expected = 1; expected <= 60; expected += 1) {
      const packet = await slow.next();
      expect(payloads([packet])[0]?.startsWith(`${expected}:`)).toBe(true);
      slow.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
    }
  });
});
describe('retained messages', () => {
  const retain = (payload: string, fields: Partial<IPublishPacket> = {}) =>
    message({ retain: true, payload, ...fields });

  test('come to new subscriptions with RETAIN set and live ones without v3.1.1 [MQTT-3.3.1-8] [MQTT-3.3.1-9]', async () => {
    const publisher = await open('pub');
    publisher.send(retain('old'));
    await publisher.drain();
    const subscriber = await open('sub');
    await subscriber.subscribe('t');
    publisher.send(retain('new'));
    await publisher.drain();
    expect(await subscriber.drain()).toMatchObject([{ retain: true }, { retain: false }]);
  });

  test('Retain As Published keeps the flag v5.0 [MQTT-3.3.1-13]', async () => {
    const subscriber = await open('sub', { protocolVersion: 5 });
    subscriber.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0, rap: true }] });
    await subscriber.next();
    subscriber.send(retain('x'));
    expect(await subscriber.next()).toMatchObject({ cmd: 'publish', retain: true });
  });

  test.each([
    [0, [1, 1]],
    [1, [1, 0]],
    [2, [0, 0]],
  ])('Retain Handling %i sends them on %j of two subscriptions', async (rh, counts) => {
    const client = await open('c', { protocolVersion: 5 });
    client.send(retain('x'));
    for (const count of counts) {
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0, rh }] });
      await client.next();
      expect(payloads(await client.drain())).toHaveLength(count);
    }
  });

  test('over the bound are refused with 0x97 and delivered to nobody', async () => {
    await restart({ limits: { retainedMax: 1 } });
    const client = await open('c', { protocolVersion: 5 });
    await client.subscribe('#');
    client.send(retain('1', { topic: 'a' }));
    client.send(retain('2', { topic: 'b', qos: 1 }));
    const received = await client.drain();
    expect(payloads(received)).toEqual(['1']);
    expect(received).toContainEqual(expect.objectContaining({ cmd: 'puback', reasonCode: 0x97 }));
  });
});

describe('message expiry', () => {
  test('what is left of it is sent on, and an expired message is not v5.0 [MQTT-3.3.2-5]', async () => {
    const clock = new FakeClock();
    await restart({ clock });
    const properties = { sessionExpiryInterval: 1_000 };
    const subscriber = await open('sub', { protocolVersion: 5, clean: false, properties });
    await subscriber.subscribe('t', 1);
    await subscriber.drop();
    const publisher = await open('pub', { protocolVersion: 5 });
    const expiring = (messageId: number, messageExpiryInterval: number) =>
      message({ qos: 1, messageId, payload: String(messageId), properties: { messageExpiryInterval } });
    publisher.send(expiring(1, 10));
    publisher.send(expiring(2, 60));
    await publisher.drain();
    clock.advance(20_000);
    const again = await open('sub', { protocolVersion: 5, clean: false, properties });
    expect(await again.drain()).toMatchObject([
      { cmd: 'publish', properties: { messageExpiryInterval: 40 } },
    ]);
  });
});

describe('a client that breaks the protocol', () => {
  test.each<[string, number, Buffer]>([
    ['a wildcard in a topic name', 0x90, frame(0x30, Buffer.concat([field('a/#'), Buffer.from([0])]))],
    ['an empty topic without an alias', 0x82, frame(0x30, Buffer.concat([field(''), Buffer.from([0])]))],
    ['a second CONNECT', 0x82, frame(0x10, field('MQTT'))],
    ['a topic that is not UTF-8', 0x81, frame(0x30, field(Buffer.from([0xff])))],
    ['a bad length', 0x81, Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80])],
  ])('%s is cut with its code, alone', async (_what, code, bytes) => {
    const bystander = await open('bystander');
    const client = await open('c', { protocolVersion: 5 });
    client.write(bytes);
    expect((await client.closed()).at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: code });
    expect(await bystander.drain()).toEqual([]);
  });
});
