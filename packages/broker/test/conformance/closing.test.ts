import { describe, expect, test } from 'vitest';
import { message } from '../support/messages.ts';
import { connectPacket, frame, type RawClient } from '../support/raw-client.ts';
import { connectBytes, longProperty, properties, publishBytes } from './bytes.ts';
import { expectCut, type Level, LEVELS, topics, useBroker } from './support.ts';

const ground = useBroker();

/** The last packet, which is a DISCONNECT of the server, and the bytes that it took. */
async function toldWhy(client: RawClient) {
  const packet = (await client.closed()).at(-1);
  if (packet?.cmd !== 'disconnect') throw new Error('no DISCONNECT came');
  return packet;
}

describe('CONNACK', () => {
  const oversized = async (maximumPacketSize: number) => {
    await ground.start({ anonymous: 'deny' });
    const client = await ground.raw(5);
    client.send(connectPacket({ protocolVersion: 5, properties: { maximumPacketSize } }));
    await client.closed();
    return client.received;
  };

  test('v5.0 [MQTT-3.2.2-19] leaves its reason string out where the client could not take it', async () => {
    const whole = await oversized(1_000);
    expect(whole.length).toBeGreaterThan(5);
    expect(await oversized(whole.length)).toHaveLength(whole.length);
    expect(await oversized(whole.length - 1)).toEqual(Buffer.from([0x20, 3, 0, whole.readUInt8(3), 0]));
    expect(await oversized(4)).toHaveLength(0);
  });

  test('v5.0 [MQTT-3.1.2-24] is not sent at all to a client that cannot take it, which is closed', async () => {
    const client = await ground.raw(5);
    client.send(connectPacket({ protocolVersion: 5, properties: { maximumPacketSize: 6 } }));
    expect(await client.closed()).toEqual([]);
    expect(client.received).toHaveLength(0);
    expect(ground.broker.stats().sessions.online).toBe(0);
  });

  test('v5.0 [MQTT-3.1.2-28] has no Response Information, asked for or not', async () => {
    for (const requestResponseInformation of [false, true]) {
      const connack = await ground.connack(5, { properties: { requestResponseInformation } });
      expect(connack).not.toHaveProperty('properties.responseInformation');
    }
  });

  test('v5.0 [MQTT-3.2.2-8] has codes of its own only', async () => {
    const unknown = await ground.connack(5, { properties: { authenticationMethod: 'none of ours' } });
    expect(unknown).toMatchObject({ reasonCode: 0x8c });
    await ground.start({ limits: { sessionsMax: 1 }, anonymous: 'allow' });
    await ground.open(5, 'first');
    expect(await ground.connack(5, { clientId: 'second' })).toMatchObject({ reasonCode: 0x9f });
  });

  test('v5.0 [MQTT-3.2.2-9] [MQTT-3.2.2-12] [MQTT-3.2.2-13] restricts nothing: every QoS and retained wills are served', async () => {
    for (const qos of [0, 1, 2] as const) {
      const will = { topic: `w/${qos}`, payload: Buffer.from('x'), qos, retain: true };
      const connack = await ground.connack(5, { will });
      expect(connack).toMatchObject({ reasonCode: 0 });
      for (const restriction of ['maximumQoS', 'retainAvailable', 'wildcardSubscriptionAvailable']) {
        expect(connack).not.toHaveProperty(`properties.${restriction}`);
      }
    }
  });

  test('v3.1.1 [MQTT-3.2.2-6] is left out where none of its codes fits', async () => {
    const client = await ground.raw(4);
    client.write(connectBytes(4, { flags: 0x03 }));
    expect(await client.closed()).toEqual([]);
  });
});

test.each(LEVELS)(
  'v3.1.1 [MQTT-3.12.4-1] v5.0 [MQTT-3.12.4-1] PINGREQ is answered by PINGRESP (level %i)',
  async (level) => {
    const client = await ground.open(level, 'c');
    const before = client.received.length;
    client.write(Buffer.from([0xc0, 0, 0xc0, 0]));
    expect([await client.next(), await client.next()]).toMatchObject([
      { cmd: 'pingresp' },
      { cmd: 'pingresp' },
    ]);
    expect(client.received.subarray(before)).toEqual(Buffer.from([0xd0, 0, 0xd0, 0]));
  },
);

describe('DISCONNECT', () => {
  test.each(LEVELS)(
    'v5.0 [MQTT-3.14.0-1] none comes before an accepting CONNACK (level %i)',
    async (level) => {
      for (const bytes of [
        Buffer.from([0xc0, 0]),
        connectBytes(level, { flags: 0x03 }),
        Buffer.from([0x10, 0xff]),
      ]) {
        const client = await ground.raw(level);
        client.write(bytes);
        client.socket.end();
        expect((await client.closed()).filter(({ cmd }) => cmd === 'disconnect')).toEqual([]);
      }
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.14.1-1] v5.0 [MQTT-3.14.1-1] reserved flags that are not 0 are refused, and the will is published (level %i)',
    async (level) => {
      const seen = await ground.witness();
      const client = await ground.open(level, 'c', { will: { topic: 'w', payload: Buffer.from('x') } });
      client.write(Buffer.from([0xe2, 0]));
      await expectCut(client, level, 0x81);
      expect(topics(await seen.drain())).toEqual(['w']);
    },
  );

  test('v5.0 [MQTT-3.14.2-1] a code that DISCONNECT of a client does not have is an error', async () => {
    for (const code of [0x01, 0x8e, 0xff]) {
      const client = await ground.open(5, 'c');
      client.write(frame(0xe0, Buffer.from([code])));
      const { reasonCode } = await toldWhy(client);
      expect([0x81, 0x82]).toContain(reasonCode);
    }
  });

  test('v5.0 [MQTT-3.14.2-1] [MQTT-3.14.2-2] says why, in a code and in words, and never gives a session expiry', async () => {
    const client = await ground.open(5, 'c', { properties: { sessionExpiryInterval: 60 } });
    client.send(message({ topic: 'a/#' }));
    const packet = await toldWhy(client);
    expect(packet).toMatchObject({ reasonCode: 0x90, properties: { reasonString: 'topic-name-invalid' } });
    expect(packet).not.toHaveProperty('properties.sessionExpiryInterval');
  });

  test('v5.0 [MQTT-3.14.2-3] words that make it too large for the client are left out', async () => {
    const client = await ground.open(5, 'c', { properties: { maximumPacketSize: 20 } });
    const before = client.received.length;
    client.send(message({ topic: 'a/#' }));
    await client.closed();
    expect(client.received.subarray(before)).toEqual(frame(0xe0, Buffer.from([0x90, 0])));
  });

  test.each(LEVELS)(
    'v5.0 [MQTT-3.14.4-1] [MQTT-3.14.4-2] nothing follows it, and what the client sends is not processed (level %i)',
    async (level) => {
      const seen = await ground.witness();
      const client = await ground.open(level, 'c');
      await client.subscribe('#');
      client.write(
        Buffer.concat([publishBytes(level, { topic: '+' }), publishBytes(level), Buffer.from([0xc0, 0])]),
      );
      const packets = await client.closed();
      expect(packets.map(({ cmd }) => cmd)).toEqual(level === 5 ? ['disconnect'] : []);
      expect(topics(await seen.drain())).toEqual([]);
    },
  );

  test('v5.0 [MQTT-3.14.4-1] [MQTT-3.14.4-2] a client that has sent it is not served any more', async () => {
    const seen = await ground.witness();
    const client = await ground.open(5, 'c');
    client.write(Buffer.concat([Buffer.from([0xe0, 0]), publishBytes(5)]));
    expect(await client.closed()).toEqual([]);
    expect(topics(await seen.drain())).toEqual([]);
  });

  test('v5.0 [MQTT-4.1.0-2] can shorten or prolong the session, but not give life to one that had none', async () => {
    const shortened = await ground.open(5, 'a', { properties: { sessionExpiryInterval: 60 } });
    shortened.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await shortened.closed();
    expect((await ground.open(5, 'a', { clean: false })).sessionPresent).toBe(false);
    const prolonged = await ground.open(5, 'b', { properties: { sessionExpiryInterval: 60 } });
    prolonged.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 120 } });
    await prolonged.closed();
    ground.clock.advance(119_999);
    expect((await ground.open(5, 'b', { clean: false })).sessionPresent).toBe(true);
    const none = await ground.open(5, 'c');
    none.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 60 } });
    expect(await toldWhy(none)).toMatchObject({ reasonCode: 0x82 });
  });
});

describe('AUTH and enhanced authentication', () => {
  test('v5.0 [MQTT-4.12.0-1] [MQTT-4.12.0-4] a method that is not configured is refused with 0x8C and closed', async () => {
    const client = await ground.raw(5);
    const list = Buffer.concat([longProperty(21, 'SCRAM-SHA-256'), longProperty(22, Buffer.from([1]))]);
    client.write(Buffer.concat([connectBytes(5, { list }), publishBytes(5)]));
    expect(await client.closed()).toMatchObject([
      { cmd: 'connack', reasonCode: 0x8c, sessionPresent: false },
    ]);
  });

  test('v5.0 [MQTT-3.15.1-1] reserved flags that are not 0 are malformed', async () => {
    for (const flags of [1, 2, 8]) {
      const client = await ground.open(5, 'c');
      client.write(Buffer.from([0xf0 | flags, 0]));
      await expectCut(client, 5, 0x81);
    }
  });

  test('v5.0 [MQTT-4.12.0-7] AUTH from a client that named no method is a protocol error', async () => {
    const client = await ground.open(5, 'c');
    client.write(frame(0xf0, Buffer.concat([Buffer.from([0x19]), properties(5, longProperty(21, 'M'))])));
    await expectCut(client, 5, 0x82);
  });

  test('v5.0 [MQTT-4.12.0-6] who named no method gets no AUTH, and none in CONNACK', async () => {
    const client = await ground.raw(5);
    client.send(connectPacket({ protocolVersion: 5 }));
    const packets = [await client.next(), ...(await client.drain())];
    expect(packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(packets[0]).not.toHaveProperty('properties.authenticationMethod');
  });
});

describe('errors', () => {
  const wrong: readonly [string, number, (level: Level) => Buffer][] = [
    ['a packet of no type', 0x82, () => Buffer.from([0x00, 0])],
    ['a packet that only servers send', 0x82, () => Buffer.from([0xd0, 0])],
    ['trailing bytes', 0x81, () => frame(0xc0, Buffer.from([1]))],
    ['a length of five bytes', 0x81, () => Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 1])],
  ];

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.8.0-1] v5.0 [MQTT-4.13.1-1] [MQTT-4.13.2-1] close their own connection and no other (level %i)',
    async (level) => {
      const bystander = await ground.open(level, 'bystander');
      for (const [, code, bytes] of wrong) {
        const client = await ground.open(level, 'c');
        client.write(bytes(level));
        await expectCut(client, level, code);
      }
      expect(await bystander.drain()).toEqual([]);
    },
  );

  test('v5.0 [MQTT-4.13.1-1] properties that are wrong, repeated or out of place are errors', async () => {
    const lists = [
      Buffer.from([1, 2]),
      Buffer.from([1, 0, 1, 0]),
      Buffer.from([2, 0, 0, 0]),
      Buffer.from([17, 0, 0, 0, 1]),
      longProperty(31, 'a reason'),
    ];
    for (const list of lists) {
      const client = await ground.open(5, 'c');
      client.write(publishBytes(5, { list }));
      const { reasonCode } = await toldWhy(client);
      expect([0x81, 0x82]).toContain(reasonCode);
    }
  });

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.8.0-2] an error of the server’s own closes the connection that met it, and no other (level %i)',
    async (level) => {
      await ground.start({
        onAccepted: ({ clientId }) => {
          if (clientId === 'unlucky') throw new Error('a defect');
        },
      });
      const bystander = await ground.open(level, 'bystander');
      const client = await ground.open(level, 'unlucky');
      await expectCut(client, level, 0x83);
      expect(await bystander.drain()).toEqual([]);
    },
  );
});
