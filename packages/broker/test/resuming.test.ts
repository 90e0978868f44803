import type { AclRule } from '@gatehouse/auth-core';
import type { IConnectPacket, Packet } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { startBroker, testChain, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { RawClient } from './support/raw-client.ts';

let running: TestBroker | undefined;

async function start(options: TestBrokerOptions = {}): Promise<TestBroker> {
  running = await startBroker(options);
  return running;
}

afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

const topics = (packets: readonly Packet[]): string[] =>
  packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []));

const persistent = (properties: IConnectPacket['properties'] = {}) =>
  ({
    clientId: 'c',
    protocolVersion: 5,
    clean: false,
    username: 'pump',
    password: Buffer.from('right'),
    properties: { sessionExpiryInterval: 600, ...properties },
  }) as const;

/** Publishes QoS 1 messages of so many bytes and waits until they are taken. */
async function publish(port: number, names: readonly string[], bytes: number, expirySeconds?: number) {
  const client = await RawClient.connect(port, {
    clientId: 'publisher',
    protocolVersion: 5,
    username: 'publisher',
    password: Buffer.from('right'),
  });
  for (const [index, topic] of names.entries()) {
    client.send({
      cmd: 'publish',
      topic,
      payload: Buffer.alloc(bytes),
      qos: 1,
      messageId: index + 1,
      dup: false,
      retain: false,
      properties: expirySeconds === undefined ? {} : { messageExpiryInterval: expirySeconds },
    });
    await client.next();
  }
}

describe('what is sent again', () => {
  test('passes the delivery gate of today: a topic taken away meanwhile is dropped, and counted', async () => {
    const clock = new FakeClock();
    let rules: readonly AclRule[] = [{ permission: 'allow', action: 'all', topic: '#' }];
    const publisher = { username: 'publisher', password: 'right', superuser: true };
    const chains = () =>
      testChain([{ username: 'pump', password: 'right', rules }, publisher], 'deny', clock);
    const { port, broker } = await start({ clock, chains });
    const client = await RawClient.connect(port, persistent());
    await client.subscribe('#', 1);
    await publish(port, ['secret', 'own'], 1);
    expect(topics(await client.drain())).toEqual(['secret', 'own']);
    await client.drop();
    rules = [{ permission: 'allow', action: 'all', topic: 'own' }];
    const again = await RawClient.connect(port, persistent());
    expect(await again.drain()).toMatchObject([{ topic: 'own', dup: true }]);
    expect(broker.stats().messages.dropped).toBe(1);
  });

  test('is what the client can still take; what was sent once does not expire v5.0 [MQTT-4.4.0-1]', async () => {
    const clock = new FakeClock();
    const { port, broker } = await start({ clock });
    const client = await RawClient.connect(port, persistent());
    await client.subscribe('#', 1);
    await publish(port, ['old'], 1, 10);
    await publish(port, ['large'], 1_000);
    await publish(port, ['fits'], 1);
    expect(topics(await client.drain())).toEqual(['old', 'large', 'fits']);
    await client.drop();
    clock.advance(10_000);
    const again = await RawClient.connect(port, persistent({ maximumPacketSize: 500 }));
    expect(topics(await again.drain())).toEqual(['old', 'fits']);
    expect(broker.stats().messages.dropped).toBe(1);
  });

  test('waits for the write buffer: more in flight than it holds is resumed, not cut', async () => {
    const limits = { writeBufferBytesMax: 65_536 };
    const { port } = await start({ limits });
    const client = await RawClient.connect(port, persistent());
    await client.subscribe('#', 1);
    const names = Array.from({ length: 40 }, (_, index) => `t/${index}`);
    for (const name of names) {
      await publish(port, [name], 50_000);
      await client.next();
    }
    await client.drop();
    const again = await RawClient.connect(port, persistent());
    const seen: Packet[] = [];
    while (seen.length < names.length) seen.push(await again.next());
    expect(topics(seen)).toEqual(names);
  });
});
