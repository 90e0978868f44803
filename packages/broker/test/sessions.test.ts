import type { IConnectPacket, Packet } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { RawClient } from './support/raw-client.ts';

let clock: FakeClock;
let running: TestBroker;

beforeEach(async () => {
  clock = new FakeClock();
  running = await startBroker({ clock });
});
afterEach(() => running.broker.stop());

const open = (clientId: string, fields: Partial<IConnectPacket> = {}) =>
  RawClient.connect(running.port, { clientId, ...fields });
const open5 = (clientId: string, fields: Partial<IConnectPacket> = {}) =>
  open(clientId, { protocolVersion: 5, ...fields });

/** A subscriber of everything, to see what is published. */
async function witness(): Promise<RawClient> {
  const client = await open('witness', { keepalive: 0 });
  await client.subscribe('#');
  return client;
}

const topics = (packets: readonly Packet[]): string[] =>
  packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []));

const gone = (clientId: string) =>
  expect.poll(() => running.broker.stats().connections.mqtt, { message: clientId });

async function publish(topic: string, messageId = 1): Promise<void> {
  const publisher = await open('publisher');
  publisher.send({ cmd: 'publish', topic, payload: 'x', qos: 1, messageId, dup: false, retain: false });
  await publisher.drain();
  publisher.send({ cmd: 'disconnect' });
  await publisher.closed();
}

describe('takeover', () => {
  test('the new connection wins and the old one is told 0x8E v5.0 [MQTT-3.1.4-3]', async () => {
    const old = await open5('c');
    const next = await open5('c');
    expect(await old.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8e });
    await old.closed();
    expect(await next.drain()).toEqual([]);
    expect(running.broker.stats().sessions).toMatchObject({ online: 1 });
  });

  test('a persistent session moves over with its subscriptions', async () => {
    const old = await open('c', { clean: false });
    await old.subscribe('t', 1);
    const next = await open('c', { clean: false });
    expect(next.sessionPresent).toBe(true);
    await publish('t');
    expect(topics(await next.drain())).toEqual(['t']);
  });

  test('publishes the will of the old connection, but not one that was to wait', async () => {
    const seen = await witness();
    const will = (topic: string, willDelayInterval: number) => ({
      topic,
      payload: Buffer.from('x'),
      properties: { willDelayInterval },
    });
    const properties = { sessionExpiryInterval: 100 };
    await open5('now', { properties, will: will('now', 0) });
    await open5('later', { properties, clean: false, will: will('later', 10) });
    await open5('now', { properties });
    await open5('later', { properties, clean: false });
    expect(topics(await seen.drain())).toEqual(['now']);
  });
});

describe('persistent sessions', () => {
  test('keep subscriptions and QoS 1 and 2 while the client is away, in order', async () => {
    const client = await open('c', { clean: false });
    await client.subscribe('t/#', 2);
    await client.drop();
    for (const topic of ['t/1', 't/2', 't/3']) await publish(topic);
    const again = await open('c', { clean: false });
    expect(again.sessionPresent).toBe(true);
    expect(topics(await again.drain())).toEqual(['t/1', 't/2', 't/3']);
  });

  test('send again with DUP what was not acknowledged, under the same packet id v3.1.1 [MQTT-4.4.0-1]', async () => {
    const client = await open('c', { clean: false });
    await client.subscribe('t', 1);
    await publish('t');
    const first = await client.next();
    await client.drop();
    const again = await open('c', { clean: false });
    expect(await again.next()).toMatchObject({ cmd: 'publish', dup: true, messageId: first.messageId });
  });

  test('send again no more than the client now takes at a time', async () => {
    const properties = { sessionExpiryInterval: 60 };
    const client = await open5('c', { properties });
    await client.subscribe('t', 1);
    for (const messageId of [1, 2, 3, 4]) await publish('t', messageId);
    expect(await client.drain()).toHaveLength(4);
    await client.drop();
    const again = await open5('c', { clean: false, properties: { ...properties, receiveMaximum: 2 } });
    expect(await again.drain()).toMatchObject([
      { messageId: 1, dup: true },
      { messageId: 2, dup: true },
    ]);
    again.send({ cmd: 'puback', messageId: 1, reasonCode: 0 });
    expect(await again.drain()).toMatchObject([{ messageId: 3, dup: true }]);
  });

  test('go on with PUBREL where PUBREC had come', async () => {
    const client = await open('c', { clean: false });
    await client.subscribe('t', 2);
    const publisher = await open('p');
    publisher.send({
      cmd: 'publish',
      topic: 't',
      payload: 'x',
      qos: 2,
      messageId: 1,
      dup: false,
      retain: false,
    });
    const { messageId = 0 } = await client.next();
    client.send({ cmd: 'pubrec', messageId });
    expect(await client.next()).toMatchObject({ cmd: 'pubrel', messageId });
    await client.drop();
    const again = await open('c', { clean: false });
    expect(await again.next()).toMatchObject({ cmd: 'pubrel', messageId });
    again.send({ cmd: 'pubcomp', messageId });
    expect(await again.drain()).toEqual([]);
  });

  test('a QoS 2 message received before the break is not published again after it', async () => {
    const seen = await witness();
    const client = await open('c', { clean: false });
    const message = {
      cmd: 'publish',
      topic: 't',
      payload: 'x',
      qos: 2,
      messageId: 5,
      retain: false,
    } as const;
    client.send({ ...message, dup: false });
    await client.next();
    await client.drop();
    const again = await open('c', { clean: false });
    again.send({ ...message, dup: true });
    again.send({ cmd: 'pubrel', messageId: 5 });
    await again.drain();
    expect(topics(await seen.drain())).toEqual(['t']);
  });

  test('clean start throws the old session away v3.1.1 [MQTT-3.1.2-6]', async () => {
    const client = await open('c', { clean: false });
    await client.subscribe('t', 1);
    client.send({ cmd: 'disconnect' });
    await client.closed();
    const fresh = await open('c', { clean: true });
    expect(fresh.sessionPresent).toBe(false);
    expect(running.broker.stats().subscriptions).toBe(0);
  });

  test('end when their expiry has passed, not before', async () => {
    const properties = { sessionExpiryInterval: 60 };
    const client = await open5('c', { properties });
    await client.subscribe('t', 1);
    client.send({ cmd: 'disconnect', reasonCode: 0 });
    await client.closed();
    clock.advance(59_999);
    expect(running.broker.stats().sessions.persistent).toBe(1);
    clock.advance(1);
    expect(running.broker.stats()).toMatchObject({ sessions: { persistent: 0 }, subscriptions: 0 });
  });

  test('a client that is back in time stops the expiry', async () => {
    const properties = { sessionExpiryInterval: 60 };
    const client = await open5('c', { properties, keepalive: 0 });
    await client.drop();
    await gone('c').toBe(0);
    const again = await open5('c', { properties, clean: false, keepalive: 0 });
    clock.advance(120_000);
    expect(await again.drain()).toEqual([]);
  });

  test('the expiry is bounded, and MQTT 5 clients are told', async () => {
    const client = await RawClient.open(running.port, 5);
    client.send({
      cmd: 'connect',
      clientId: 'c',
      protocolVersion: 5,
      clean: true,
      keepalive: 60_000,
      properties: { sessionExpiryInterval: 0xffff_ffff },
    });
    expect(await client.next()).toMatchObject({
      properties: { sessionExpiryInterval: 604_800, serverKeepAlive: 3_600, receiveMaximum: 100 },
    });
  });

  test('DISCONNECT may shorten the expiry but not give life to a session that had none', async () => {
    const shortened = await open5('a', { properties: { sessionExpiryInterval: 60 } });
    shortened.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await shortened.closed();
    expect(running.broker.stats().sessions.persistent).toBe(0);
    const prolonged = await open5('b');
    prolonged.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 60 } });
    expect(await prolonged.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x82 });
  });
});

describe('the will', () => {
  const will = { topic: 'gone/c', payload: Buffer.from('x'), qos: 1 as const, retain: true };

  test('is published when the connection breaks, with its QoS and RETAIN v3.1.1 [MQTT-3.1.2-8]', async () => {
    const seen = await witness();
    const client = await open('c', { will });
    await client.drop();
    expect(await seen.next()).toMatchObject({ cmd: 'publish', topic: 'gone/c' });
    expect(running.broker.stats().retained).toBe(1);
  });

  test.each([
    ['is not published after DISCONNECT', 0x00, []],
    ['is published after "disconnect with will"', 0x04, ['gone/c']],
  ])('%s', async (_what, reasonCode, expected) => {
    const seen = await witness();
    const client = await open5('c', { will });
    client.send({ cmd: 'disconnect', reasonCode });
    await client.closed();
    expect(topics(await seen.drain())).toEqual(expected);
  });

  test('is published when the client breaks the protocol', async () => {
    const seen = await witness();
    const client = await open('c', { will });
    client.write(Buffer.from([0x00, 0x00]));
    await client.closed();
    expect(topics(await seen.drain())).toEqual(['gone/c']);
  });

  test('waits for its delay, but no longer than the session v5.0 [MQTT-3.1.2-8]', async () => {
    const seen = await witness();
    for (const [clientId, delay, expiry] of [
      ['a', 10, 60],
      ['b', 60, 20],
    ] as const) {
      const client = await open5(clientId, {
        properties: { sessionExpiryInterval: expiry },
        will: { topic: clientId, payload: Buffer.from('x'), properties: { willDelayInterval: delay } },
      });
      await client.drop();
    }
    await gone('a and b').toBe(1);
    expect(topics(await seen.drain())).toEqual([]);
    clock.advance(10_000);
    expect(topics(await seen.drain())).toEqual(['a']);
    clock.advance(10_000);
    expect(topics(await seen.drain())).toEqual(['b']);
  });

  test('carries its properties', async () => {
    const seen = await open5('witness');
    await seen.subscribe('#');
    const properties = { contentType: 'text/plain', userProperties: { a: 'b' }, willDelayInterval: 0 };
    const client = await open5('c', { will: { ...will, properties } });
    await client.drop();
    expect(await seen.next()).toMatchObject({
      properties: { contentType: 'text/plain', userProperties: { a: 'b' } },
    });
  });
});

describe('keep-alive', () => {
  test('a silent client is cut after one and a half times its keep-alive, with its will v5.0 [MQTT-3.1.2-22]', async () => {
    const seen = await witness();
    const client = await open5('c', { keepalive: 10, will: { topic: 'w', payload: Buffer.from('x') } });
    clock.advance(14_999);
    expect(topics(await seen.drain())).toEqual([]);
    clock.advance(1);
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8d });
    expect(topics(await seen.drain())).toEqual(['w']);
  });

  test('every packet counts', async () => {
    const client = await open('c', { keepalive: 10 });
    for (let turn = 0; turn < 5; turn += 1) {
      clock.advance(10_000);
      expect(await client.drain()).toEqual([]);
    }
  });

  test.each([4, 5] as const)(
    'none or too long a one is the longest that is allowed: level %i',
    async (version) => {
      for (const keepalive of [0, 60_000]) {
        const client = await open('c', { protocolVersion: version, keepalive });
        clock.advance(3_600_000 * 1.5 - 1);
        expect(running.broker.stats().sessions.online).toBe(1);
        clock.advance(1);
        await client.closed();
      }
    },
  );
});
