import { describe, expect, test } from 'vitest';
import { message, payloads } from '../support/messages.ts';
import { frame, type RawClient } from '../support/raw-client.ts';
import { packetId } from './bytes.ts';
import { expectCut, expectNext, LEVELS, useBroker } from './support.ts';

const login = { username: 'u', password: Buffer.from('p') };
const rules = [{ permission: 'allow', action: 'all', topic: 't' }] as const;
const ground = useBroker({ anonymous: 'deny', credentials: [{ username: 'u', password: 'p', rules }] });

/** A client that is answered 0x87 for everything but the topic `t`. */
const open = (properties: { maximumPacketSize?: number; requestProblemInformation?: boolean } = {}) =>
  ground.open(5, 'c', { ...login, properties });

/** One refusal of each acknowledgement that a server sends. */
async function refusals(client: RawClient) {
  client.send(message({ topic: 'no', qos: 1, messageId: 1 }));
  client.send(message({ topic: 'no', qos: 2, messageId: 2 }));
  client.send({ cmd: 'pubrel', messageId: 3 });
  client.send({ cmd: 'pubrec', messageId: 4, reasonCode: 0 });
  client.send({ cmd: 'subscribe', messageId: 5, subscriptions: [{ topic: 'no', qos: 0 }] });
  client.send({ cmd: 'unsubscribe', messageId: 6, unsubscriptions: ['no'] });
  return client.drain();
}

describe('reason codes and reason strings', () => {
  test('v5.0 [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1] [MQTT-3.11.3-2] each acknowledgement says what went wrong, by code and in words', async () => {
    expect(await refusals(await open())).toMatchObject([
      { cmd: 'puback', messageId: 1, reasonCode: 0x87, properties: { reasonString: 'not authorized' } },
      { cmd: 'pubrec', messageId: 2, reasonCode: 0x87, properties: { reasonString: 'not authorized' } },
      {
        cmd: 'pubcomp',
        messageId: 3,
        reasonCode: 0x92,
        properties: { reasonString: 'packet identifier not found' },
      },
      {
        cmd: 'pubrel',
        messageId: 4,
        reasonCode: 0x92,
        properties: { reasonString: 'packet identifier not found' },
      },
      { cmd: 'suback', messageId: 5, granted: [0x87], properties: { reasonString: 'not authorized' } },
      {
        cmd: 'unsuback',
        messageId: 6,
        granted: [0x11],
        properties: { reasonString: 'no subscription existed' },
      },
    ]);
  });

  test('v5.0 [MQTT-3.4.2-1] [MQTT-3.5.2-1] a message that nobody receives is told as 0x10', async () => {
    const client = await open();
    client.send(message({ qos: 1, messageId: 1 }));
    client.send(message({ qos: 2, messageId: 2 }));
    expect(await client.drain()).toMatchObject([{ reasonCode: 0x10 }, { reasonCode: 0x10 }]);
  });

  test('v5.0 [MQTT-3.1.2-29] Request Problem Information 0 leaves the words out of all but CONNACK and DISCONNECT', async () => {
    const client = await open({ requestProblemInformation: false });
    for (const packet of await refusals(client)) {
      expect(packet).not.toHaveProperty('properties.reasonString');
      expect(packet).not.toHaveProperty('properties.userProperties');
    }
  });

  test('v5.0 [MQTT-3.4.2-2] [MQTT-3.5.2-2] [MQTT-3.6.2-2] [MQTT-3.7.2-2] [MQTT-3.9.2-1] [MQTT-3.11.2-1] words that make a packet too large for the client are left out', async () => {
    // CONNACK fits into this, an acknowledgement with its reason string does not.
    const client = await open({ maximumPacketSize: 18 });
    const before = client.received.length;
    const packets = await refusals(client);
    expect(packets).toHaveLength(6);
    for (const packet of packets) expect(packet).not.toHaveProperty('properties.reasonString');
    expect(client.received.length - before).toBeLessThan(6 * 18);
  });

  test('v5.0 [MQTT-3.4.2-3] [MQTT-3.5.2-3] [MQTT-3.6.2-3] [MQTT-3.7.2-3] [MQTT-3.9.2-2] [MQTT-3.11.2-2] [MQTT-3.14.2-4] [MQTT-3.2.2-20] the server adds no user properties of its own', async () => {
    const client = await ground.raw(5);
    client.send({ cmd: 'connect', protocolVersion: 5, clientId: 'c', clean: true, keepalive: 0, ...login });
    const packets = [await client.next(), ...(await refusals(client))];
    client.send(message({ topic: 'a/#' }));
    packets.push(...(await client.closed()));
    expect(packets.map(({ cmd }) => cmd)).toEqual([
      'connack',
      'puback',
      'pubrec',
      'pubcomp',
      'pubrel',
      'suback',
      'unsuback',
      'disconnect',
    ]);
    for (const packet of packets) expect(packet).not.toHaveProperty('properties.userProperties');
  });

  test('v5.0 [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1] codes that a packet does not have close the connection', async () => {
    for (const [header, code] of [
      [0x40, 0x92],
      [0x50, 0x04],
      [0x62, 0x10],
      [0x70, 0x87],
    ] as const) {
      const client = await open();
      client.write(frame(header, Buffer.from([0, 1, code])));
      await expectCut(client, 5, 0x81);
    }
  });
});

describe('PUBREL', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.6.1-1] v5.0 [MQTT-3.6.1-1] with other flags than 0010 closes the connection (level %i)',
    async (level) => {
      for (const header of [0x60, 0x61, 0x63, 0x66, 0x6a]) {
        const client = await ground.open(level, 'c', login);
        client.write(frame(header, packetId(1)));
        await expectCut(client, level, 0x81);
      }
    },
  );
});

describe('QoS 1, the server receives', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.3.2-2] v5.0 [MQTT-4.3.2-4] [MQTT-4.3.2-5] PUBACK, and the same identifier is a new message then, DUP or not (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c', login);
      await client.subscribe('t');
      for (const payload of ['1', '2']) {
        client.send(message({ qos: 1, messageId: 9, payload, dup: payload === '2' }));
        const packets = await client.drain();
        expect(payloads(packets)).toEqual([payload]);
        expect(packets.filter(({ cmd }) => cmd === 'puback')).toMatchObject([{ messageId: 9 }]);
      }
    },
  );
});

describe('QoS 2, the server receives', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.3.3-2] v5.0 [MQTT-4.3.3-8] [MQTT-4.3.3-10] [MQTT-4.3.3-11] [MQTT-4.3.3-12] delivered once until PUBREL, then the identifier is free (level %i)',
    async (level) => {
      const seen = await ground.open(level, 'seen', login);
      await seen.subscribe('t');
      const client = await ground.open(level, 'c', login);
      for (const dup of [false, true, false]) client.send(message({ qos: 2, messageId: 9, dup }));
      client.send({ cmd: 'pubrel', messageId: 9 });
      client.send(message({ qos: 2, messageId: 9, payload: 'new' }));
      expect((await client.drain()).map(({ cmd, messageId }) => [cmd, messageId])).toEqual([
        ['pubrec', 9],
        ['pubrec', 9],
        ['pubrec', 9],
        ['pubcomp', 9],
        ['pubrec', 9],
      ]);
      expect(payloads(await seen.drain())).toEqual(['x', 'new']);
    },
  );

  test('v5.0 [MQTT-4.3.3-9] after a refusing PUBREC the same identifier is a new message', async () => {
    const client = await open();
    await client.subscribe('t');
    client.send(message({ topic: 'no', qos: 2, messageId: 9 }));
    expect(await expectNext(client, 'pubrec')).toMatchObject({ reasonCode: 0x87 });
    client.send(message({ qos: 2, messageId: 9, payload: 'new' }));
    expect(payloads(await client.drain())).toEqual(['new']);
  });

  test('v5.0 [MQTT-4.3.3-13] the exchange is completed although the message has expired', async () => {
    const client = await open();
    client.send(message({ qos: 2, messageId: 9, properties: { messageExpiryInterval: 1 } }));
    await expectNext(client, 'pubrec');
    ground.clock.advance(10_000);
    client.send({ cmd: 'pubrel', messageId: 9 });
    expect(await client.drain()).toMatchObject([{ cmd: 'pubcomp', messageId: 9, reasonCode: 0 }]);
  });

  test('v5.0 [MQTT-2.2.1-3] [MQTT-3.4.2-1] a QoS 1 PUBLISH with the identifier of an exchange that is open is answered 0x91 and not delivered', async () => {
    const client = await open();
    await client.subscribe('t');
    client.send(message({ qos: 2, messageId: 9, payload: 'first' }));
    expect(payloads(await client.drain())).toEqual(['first']);
    client.send(message({ qos: 1, messageId: 9, payload: 'second' }));
    const [answer, ...rest] = await client.drain();
    expect(answer).toMatchObject({
      cmd: 'puback',
      messageId: 9,
      reasonCode: 0x91,
      properties: { reasonString: 'packet identifier in use' },
    });
    expect(rest).toEqual([]);
    client.send({ cmd: 'pubrel', messageId: 9 });
    expect(await client.drain()).toMatchObject([{ cmd: 'pubcomp', messageId: 9, reasonCode: 0 }]);
    client.send(message({ qos: 1, messageId: 9, payload: 'third' }));
    expect(payloads(await client.drain())).toEqual(['third']);
  });

  test('of MQTT 3.1.1, which has no code for it, it is delivered: a client that lost its state is not closed for ever', async () => {
    const seen = await ground.open(4, 'seen', login);
    await seen.subscribe('t');
    const client = await ground.open(4, 'c', login);
    client.send(message({ qos: 2, messageId: 9, payload: 'first' }));
    await expectNext(client, 'pubrec');
    client.send(message({ qos: 1, messageId: 9, payload: 'second' }));
    await expectNext(client, 'puback');
    expect(payloads(await seen.drain())).toEqual(['first', 'second']);
  });
});
