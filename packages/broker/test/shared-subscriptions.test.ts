import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { message, payloads } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

let running: TestBroker;

beforeEach(async () => {
  running = await startBroker();
});
afterEach(() => running.broker.stop());

const open = (clientId: string, fields: Parameters<typeof RawClient.connect>[1] = {}) =>
  RawClient.connect(running.port, { clientId, ...fields });
const member = async (clientId: string, filter = '$share/g/a/+') => {
  const client = await open(clientId);
  await client.subscribe(filter, 1);
  return client;
};
const publish = async (publisher: RawClient, count: number, qos: 0 | 1 = 0, topic = 'a/b') => {
  for (let at = 1; at <= count; at++) {
    publisher.send(message({ topic, qos, payload: String(at), ...(qos === 0 ? {} : { messageId: at }) }));
  }
  await publisher.drain();
};
const sorted = (parts: readonly (readonly string[])[]) => parts.flat().sort();

describe('shared subscriptions (MQTT 5.0 section 4.8.2)', () => {
  test('each message goes to one member of a group, in turn', async () => {
    const members = [await member('one'), await member('two'), await member('three')];
    await publish(await open('pub'), 6);
    const got = await Promise.all(members.map(async (client) => payloads(await client.drain())));
    expect(got.map(({ length }) => length)).toEqual([2, 2, 2]);
    expect(sorted(got)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  test('each group gets its copy, beside the subscriptions that are not shared', async () => {
    const other = await member('other', '$share/h/#');
    const own = await member('own', 'a/b');
    const both = await member('both');
    await both.subscribe('a/b', 1);
    await publish(await open('pub'), 1);
    expect(payloads(await other.drain())).toEqual(['1']);
    expect(payloads(await own.drain())).toEqual(['1']);
    expect(payloads(await both.drain())).toEqual(['1', '1']);
  });

  test('who has left gets nothing more, by UNSUBSCRIBE or by going', async () => {
    const stays = await member('stays');
    const leaves = await member('leaves');
    const goes = await member('goes');
    leaves.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['$share/g/a/+'] });
    expect(await leaves.next()).toMatchObject({ cmd: 'unsuback' });
    goes.send({ cmd: 'disconnect' });
    await goes.closed();
    await publish(await open('pub'), 3);
    expect(payloads(await stays.drain())).toEqual(['1', '2', '3']);
    expect(await leaves.drain()).toEqual([]);
    expect(running.broker.stats().subscriptions).toBe(1);
  });

  test('a member that is away takes its turn only when nobody is there, and then finds its messages', async () => {
    const fields = { clean: false } as const;
    const away = await open('away', fields);
    await away.subscribe('$share/g/a/+', 1);
    away.send({ cmd: 'disconnect' });
    await away.closed();
    const there = await member('there');
    const publisher = await open('pub');
    await publish(publisher, 2, 1);
    expect(payloads(await there.drain())).toEqual(['1', '2']);
    there.send({ cmd: 'disconnect' });
    await there.closed();
    await publish(publisher, 2, 1);
    await publish(publisher, 1, 0);
    expect(payloads(await (await open('away', fields)).drain())).toEqual(['1', '2']);
  });

  test('gets no retained messages, and the flags and identifier of its subscription', async () => {
    const publisher = await open('pub');
    publisher.send(message({ topic: 'a/b', payload: 'kept', retain: true }));
    await publisher.drain();
    const client = await open('one', { protocolVersion: 5 });
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: '$share/g/a/b', qos: 0, rap: true }],
      properties: { subscriptionIdentifier: 7 },
    });
    expect(await client.drain()).toMatchObject([{ cmd: 'suback', granted: [0] }]);
    publisher.send(message({ topic: 'a/b', qos: 1, payload: 'live', retain: true }));
    await publisher.drain();
    expect(await client.drain()).toMatchObject([
      { payload: Buffer.from('live'), qos: 0, retain: true, properties: { subscriptionIdentifier: 7 } },
    ]);
  });

  test('does not cross the `$` of a topic by a wildcard v5.0 [MQTT-4.7.2-1]', async () => {
    const client = await member('one', '$share/g/#');
    const publisher = await open('pub');
    await publish(publisher, 1, 0, '$other/x');
    await publish(publisher, 1, 0, 'other/x');
    expect(payloads(await client.drain())).toEqual(['1']);
  });

  test.each([
    '$share',
    '$share/',
    '$share/g',
    '$share/g/',
    '$share//a',
    '$share/+/a',
    '$share/g#/a',
    '$share/g/a/#/b',
  ])('%s is refused v5.0 [MQTT-4.8.2-1] [MQTT-4.8.2-2]', async (topic) => {
    const client = await open('one', { protocolVersion: 5 });
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] });
    expect(await client.next()).toMatchObject({ granted: [0x8f] });
  });

  test('with No Local is a protocol error v5.0 [MQTT-3.8.3-4]', async () => {
    const client = await open('one', { protocolVersion: 5 });
    const subscriptions = [{ topic: '$share/g/a', qos: 0 as const, nl: true }];
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    expect(await client.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x82 }]);
  });
});
