import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../src/config.ts';
import { startBroker, type TestBroker } from './support/broker.ts';
import { message } from './support/messages.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

let running: TestBroker;

beforeEach(async () => {
  running = await startBroker();
});
afterEach(() => running.broker.stop());

const open = (
  clientId: string,
  properties: { topicAliasMaximum?: number; maximumPacketSize?: number } = {},
) => RawClient.connect(running.port, { clientId, protocolVersion: 5, properties });
const aliased = (topic: string, topicAlias: number, payload = 'x') =>
  message({ topic, payload, properties: { topicAlias } });
/** Topic, alias and payload of what was received. */
const seen = (packets: Awaited<ReturnType<RawClient['drain']>>) =>
  packets.map((packet) =>
    packet.cmd === 'publish'
      ? [packet.topic, packet.properties?.topicAlias, packet.payload.toString()]
      : packet.cmd,
  );

describe('topic aliases from a client (MQTT 5.0 section 3.3.2.3.4)', () => {
  test('CONNACK says how many it may use', async () => {
    const client = await RawClient.open(running.port, 5);
    client.send(connectPacket({ protocolVersion: 5 }));
    expect(await client.next()).toMatchObject({ properties: { topicAliasMaximum: LIMITS.topicAliasesMax } });
  });

  test('stand for the topic that set them last, on this connection only', async () => {
    const subscriber = await open('sub');
    await subscriber.subscribe('#');
    const one = await open('one');
    const other = await open('other');
    one.send(aliased('a', 1, '1'));
    other.send(aliased('b', 1, '2'));
    await other.drain();
    one.send(aliased('', 1, '3'));
    one.send(aliased('c', 1, '4'));
    one.send(aliased('', 1, '5'));
    await one.drain();
    const got = seen(await subscriber.drain()).map(([topic, , payload]) => `${payload ?? ''}${topic ?? ''}`);
    expect(got.sort()).toEqual(['1a', '2b', '3a', '4c', '5c']);
  });

  test.each([
    ['beyond the maximum', aliased('a', LIMITS.topicAliasesMax + 1), 0x94],
    ['never set', aliased('', 1), 0x82],
    ['without topic or alias', message({ topic: '' }), 0x82],
  ])('%s ends the connection', async (_what, packet, reasonCode) => {
    const client = await open('one');
    client.send(packet);
    expect(await client.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode }]);
  });
});

describe('topic aliases to a client', () => {
  const publishAll = async (...sent: readonly (readonly [string, 0 | 1])[]) => {
    const publisher = await open('pub');
    sent.forEach(([topic, qos], at) => {
      publisher.send(
        message({ topic, qos, payload: String(at), ...(qos === 0 ? {} : { messageId: at + 1 }) }),
      );
    });
    await publisher.drain();
  };

  test('are used as far as it allows, at every QoS, and not at all when it allows none v5.0 [MQTT-3.1.2-26]', async () => {
    const takes = await open('takes', { topicAliasMaximum: 2 });
    const none = await open('none');
    await takes.subscribe('#', 1);
    await none.subscribe('#', 1);
    await publishAll(['a', 0], ['a', 1], ['b', 1], ['c', 0], ['b', 0], ['c', 0]);
    expect(seen(await takes.drain())).toEqual([
      ['a', 1, '0'],
      ['', 1, '1'],
      ['b', 2, '2'],
      ['c', undefined, '3'],
      ['', 2, '4'],
      ['c', undefined, '5'],
    ]);
    expect(seen(await none.drain()).map(([, alias]) => alias)).toEqual(Array(6).fill(undefined));
  });

  test('are not set by a message that is too large to be sent', async () => {
    const small = await open('small', { topicAliasMaximum: 1, maximumPacketSize: 40 });
    await small.subscribe('a');
    const publisher = await open('pub');
    publisher.send(message({ topic: 'a', payload: 'x'.repeat(60) }));
    publisher.send(message({ topic: 'a', payload: 'fits' }));
    await publisher.drain();
    expect(seen(await small.drain())).toEqual([['a', 1, 'fits']]);
  });
});
