import type { AclRule } from '@gatehouse/auth-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { startBroker, testChain, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { message, payloads } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

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

describe('permissions', () => {
  const login = { username: 'u', password: Buffer.from('p') };
  const rules = [
    { permission: 'deny', action: 'subscribe', topic: 'a/secret' },
    { permission: 'allow', action: 'all', topic: 'a/#' },
  ] as const;
  beforeEach(() => restart({ anonymous: 'deny', credentials: [{ username: 'u', password: 'p', rules }] }));

  test('MQTT 5 publishers are told 0x87, MQTT 3 ones are acknowledged and the message dropped', async () => {
    const modern = await open('five', { ...login, protocolVersion: 5 });
    modern.send(message({ topic: 'b', qos: 1, messageId: 1 }));
    modern.send(message({ topic: 'b', qos: 2, messageId: 2 }));
    expect(await modern.drain()).toMatchObject([
      { cmd: 'puback', messageId: 1, reasonCode: 0x87 },
      { cmd: 'pubrec', messageId: 2, reasonCode: 0x87 },
    ]);
    const old = await open('four', login);
    old.send(message({ topic: 'b', qos: 1, retain: true }));
    expect(await old.drain()).toMatchObject([{ cmd: 'puback' }]);
    expect(running.broker.stats()).toMatchObject({ retained: 0, denied: 3 });
  });

  test('each filter of a SUBSCRIBE is decided on its own', async () => {
    const subscriptions = ['a/b', 'b/#', '#', 'a/+/#', '$share/g/a/b', 'a/#/b'].map((topic) => ({
      topic,
      qos: 1 as const,
    }));
    const modern = await open('five', { ...login, protocolVersion: 5 });
    modern.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    expect(await modern.next()).toMatchObject({ granted: [1, 0x87, 0x87, 1, 1, 0x8f] });
    const old = await open('four', login);
    old.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    expect(await old.next()).toMatchObject({ granted: [1, 0x80, 0x80, 1, 1, 0x80] });
  });

  test('a subscription that a deny rule overlaps is checked message by message, retained ones too', async () => {
    const publisher = await open('pub', login);
    publisher.send(message({ topic: 'a/secret', payload: 'kept', retain: true }));
    publisher.send(message({ topic: 'a/open', payload: 'open', retain: true }));
    await publisher.drain();
    const subscriber = await open('sub', login);
    await subscriber.subscribe('a/+');
    publisher.send(message({ topic: 'a/secret', payload: 'live' }));
    publisher.send(message({ topic: 'a/open', payload: 'live too' }));
    await publisher.drain();
    expect(payloads(await subscriber.drain())).toEqual(['open', 'live too']);
  });

  test('a session that comes back under new rules gets nothing they forbid, queued or live', async () => {
    const allowAll = [{ permission: 'allow', action: 'all', topic: '#' }] as const;
    const denySome = [{ permission: 'deny', action: 'subscribe', topic: 'a/x' }, ...allowAll] as const;
    const chainWith = (given: readonly AclRule[]) =>
      testChain([{ username: 'u', password: 'p', rules: given }], 'deny', systemClock);
    let chain = chainWith(allowAll);
    await restart({ chains: () => chain });
    const subscriber = await open('sub', { ...login, clean: false });
    await subscriber.subscribe('a/+', 1);
    await subscriber.drop();
    const publisher = await open('pub', login);
    publisher.send(message({ topic: 'a/x', qos: 1, messageId: 1, payload: 'forbidden now' }));
    publisher.send(message({ topic: 'a/y', qos: 1, messageId: 2, payload: 'allowed still' }));
    await publisher.drain();
    chain = chainWith(denySome);
    const again = await open('sub', { ...login, clean: false });
    expect(payloads(await again.drain())).toEqual(['allowed still']);
    for (const topic of ['a/x', 'a/y'])
      publisher.send(message({ topic, qos: 1, messageId: 3, payload: topic }));
    await publisher.drain();
    expect(payloads(await again.drain())).toEqual(['a/y']);
  });

  test('subscriptions of one client are bounded, and replacing one is not adding', async () => {
    await restart({ limits: { subscriptionsPerClientMax: 1 } });
    const client = await open('c', { protocolVersion: 5 });
    for (const [topic, granted] of [
      ['a', 0],
      ['b', 0x97],
      ['a', 0],
    ] as const) {
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] });
      expect(await client.next()).toMatchObject({ granted: [granted] });
    }
  });
});

describe('subscriptions', () => {
  test('overlapping ones are one copy at the highest QoS, with all identifiers v5.0 [MQTT-3.3.4-3]', async () => {
    const client = await open('c', { protocolVersion: 5 });
    for (const [topic, qos, subscriptionIdentifier] of [
      ['a/#', 0, 7],
      ['a/+', 1, 300],
    ] as const) {
      client.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic, qos }],
        properties: { subscriptionIdentifier },
      });
      await client.next();
    }
    const publisher = await open('pub');
    publisher.send(message({ topic: 'a/b', qos: 2 }));
    const received = await client.next();
    expect(received).toMatchObject({ qos: 1, properties: { subscriptionIdentifier: [7, 300] } });
    expect(await client.drain()).toEqual([]);
  });

  test('No Local keeps a client from its own messages v5.0 [MQTT-3.8.3-3]', async () => {
    const client = await open('c', { protocolVersion: 5 });
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0, nl: true }] });
    await client.next();
    client.send(message());
    expect(payloads(await client.drain())).toEqual([]);
  });

  test('UNSUBSCRIBE ends them, and says where there was none', async () => {
    const client = await open('c', { protocolVersion: 5 });
    await client.subscribe('t');
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['t', 'u'] });
    expect(await client.next()).toMatchObject({ cmd: 'unsuback', granted: [0, 0x11] });
    client.send(message());
    expect(await client.drain()).toEqual([]);
    expect(running.broker.stats().subscriptions).toBe(0);
  });

  test('wildcards leave topics that begin with $ alone v3.1.1 [MQTT-4.7.2-1]', async () => {
    await restart({ anonymous: 'deny', credentials: [{ username: 'u', password: 'p', superuser: true }] });
    const client = await open('c', { username: 'u', password: Buffer.from('p') });
    await client.subscribe('#');
    client.send(message({ topic: '$local/x' }));
    client.send(message({ topic: 'x' }));
    expect((await client.drain()).map((packet) => packet.cmd === 'publish' && packet.topic)).toEqual(['x']);
  });

  test('a message for many is the same bytes for each', async () => {
    const clients = await Promise.all(['a', 'b', 'c'].map((id) => open(id, { protocolVersion: 5 })));
    await Promise.all(clients.map((client) => client.subscribe('t', 1)));
    const publisher = await open('pub', { protocolVersion: 5 });
    publisher.send(
      message({ qos: 1, properties: { contentType: 'text/plain', userProperties: { a: 'b' } } }),
    );
    for (const client of clients) {
      expect(await client.next()).toMatchObject({
        messageId: 1,
        properties: { contentType: 'text/plain', userProperties: { a: 'b' } },
      });
    }
  });
});
