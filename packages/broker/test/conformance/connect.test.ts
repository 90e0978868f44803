import { describe, expect, test } from 'vitest';
import { message, payloads } from '../support/messages.ts';
import { connectPacket, field, frame, type RawClient } from '../support/raw-client.ts';
import { connectBytes, ILL_FORMED, longProperty, properties, publishBytes, willBytes } from './bytes.ts';
import { expectCut, type Level, LEVELS, topics, useBroker } from './support.ts';

const ground = useBroker();

/** Sends bytes as the first ones of a connection. */
async function first(level: Level, bytes: Buffer): Promise<RawClient> {
  const client = await ground.raw(level);
  client.write(bytes);
  return client;
}

/** A CONNECT that does not conform: MQTT 5 clients may be told so, older ones get no CONNACK. */
async function expectNotConforming(level: Level, bytes: Buffer): Promise<void> {
  const client = await first(level, bytes);
  expect(await client.closed()).toMatchObject(level === 5 ? [{ cmd: 'connack', reasonCode: 0x81 }] : []);
}

describe('the first packet', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.0-1] v5.0 [MQTT-3.1.0-1] anything but CONNECT is closed without an answer (level %i)',
    async (level) => {
      for (const bytes of [publishBytes(level), Buffer.from([0xc0, 0]), Buffer.from([0xf0, 0])]) {
        const client = await first(level, bytes);
        expect(await client.closed()).toEqual([]);
      }
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.0-2] v5.0 [MQTT-3.1.0-2] a second CONNECT closes the connection (level %i)',
    async (level) => {
      const client = await ground.open(level, 'c');
      client.send(connectPacket({ protocolVersion: level, clientId: 'c' }));
      await expectCut(client, level, 0x82);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-1] v5.0 [MQTT-3.1.2-1] another protocol name is not served (level %i)',
    async (level) => {
      for (const name of ['mqtt', 'MQTT\0', 'AMQP', '']) {
        const client = await first(level, connectBytes(level, { name }));
        expect(await client.closed()).toEqual([]);
      }
    },
  );

  test('v3.1.1 [MQTT-3.1.2-2] an unknown level below 5 is answered by 0x01 and closed', async () => {
    for (const version of [0, 1, 2, 3, 0x84]) {
      const client = await first(4, connectBytes(4, { version }));
      expect(await client.closed()).toMatchObject([{ cmd: 'connack', returnCode: 1, sessionPresent: false }]);
    }
  });

  test('v5.0 [MQTT-3.1.2-2] a level to come is answered by 0x84 and closed', async () => {
    const client = await first(5, connectBytes(5, { version: 6 }));
    expect(await client.closed()).toMatchObject([
      { cmd: 'connack', reasonCode: 0x84, sessionPresent: false },
    ]);
  });
});

describe('the connect flags and the payload that they announce', () => {
  const user = 0x80;
  const password = 0x40;
  const willRetain = 0x20;
  const willQos = (qos: number) => qos << 3;
  const will = 0x04;

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-3] [MQTT-3.1.4-1] v5.0 [MQTT-3.1.2-3] [MQTT-3.1.4-1] the reserved flag is refused (level %i)',
    (level) => expectNotConforming(level, connectBytes(level, { flags: 0x03 })),
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-9] v5.0 [MQTT-3.1.2-9] a will flag without a will is refused (level %i)',
    async (level) => {
      await expectNotConforming(level, connectBytes(level, { flags: 0x02 | will }));
      const half = [field('c'), properties(level), field('w')];
      await expectNotConforming(level, connectBytes(level, { flags: 0x02 | will, payload: half }));
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-11] [MQTT-3.1.2-13] [MQTT-3.1.2-15] v5.0 [MQTT-3.1.2-11] [MQTT-3.1.2-13] no will QoS, retain or will without its flag (level %i)',
    async (level) => {
      for (const flags of [willQos(1), willQos(2), willRetain]) {
        await expectNotConforming(level, connectBytes(level, { flags: 0x02 | flags }));
      }
      const payload = [field('c'), willBytes(level, 'w')];
      await expectNotConforming(level, connectBytes(level, { payload }));
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-14] v5.0 [MQTT-3.1.2-12] a will QoS of 3 is refused (level %i)',
    async (level) => {
      const payload = [field('c'), willBytes(level, 'w')];
      await expectNotConforming(level, connectBytes(level, { flags: 0x02 | will | willQos(3), payload }));
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-18] [MQTT-3.1.2-20] v5.0 [MQTT-3.1.2-16] [MQTT-3.1.2-18] no user name or password without its flag (level %i)',
    async (level) => {
      await expectNotConforming(level, connectBytes(level, { payload: [field('c'), field('u')] }));
      const both = [field('c'), field('u'), field('p')];
      await expectNotConforming(level, connectBytes(level, { flags: 0x02 | user, payload: both }));
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.2-19] [MQTT-3.1.2-21] v5.0 [MQTT-3.1.2-17] [MQTT-3.1.2-19] a flag asks for its user name or password (level %i)',
    async (level) => {
      await expectNotConforming(level, connectBytes(level, { flags: 0x02 | user }));
      const one = [field('c'), field('u')];
      await expectNotConforming(level, connectBytes(level, { flags: 0x02 | user | password, payload: one }));
    },
  );

  test('v3.1.1 [MQTT-3.1.2-22] a password flag without a user name flag is refused', () =>
    expectNotConforming(4, connectBytes(4, { flags: 0x02 | password, payload: [field('c'), field('p')] })));

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-1] v5.0 [MQTT-3.1.3-1] the fields are taken in their order (level %i)',
    async (level) => {
      const chain = { username: 'name', password: 'word' };
      await ground.start({ anonymous: 'deny', credentials: [chain] });
      const payload = [field('id'), willBytes(level, 'w'), field('name'), field('word')];
      const client = await first(level, connectBytes(level, { flags: 0xc6, payload }));
      expect(await client.next()).toMatchObject({ cmd: 'connack' });
      expect(ground.broker.stats().sessions.online).toBe(1);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-3] v5.0 [MQTT-3.1.3-3] a CONNECT without a client identifier field is refused (level %i)',
    (level) => expectNotConforming(level, connectBytes(level, { payload: [] })),
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11] v5.0 [MQTT-3.1.3-4] [MQTT-3.1.3-11] [MQTT-3.1.3-12] identifier, will topic and user name are text (level %i)',
    async (level) => {
      for (const bad of [...ILL_FORMED, Buffer.from('a\0')]) {
        await expectNotConforming(level, connectBytes(level, { payload: [field(bad)] }));
        const withWill = [field('c'), willBytes(level, bad)];
        await expectNotConforming(level, connectBytes(level, { flags: 0x02 | will, payload: withWill }));
        const named = [field('c'), field(bad)];
        await expectNotConforming(level, connectBytes(level, { flags: 0x02 | user, payload: named }));
      }
    },
  );

  test('v5.0 [MQTT-3.1.4-1] [MQTT-4.13.1-1] properties that are wrong, repeated or out of place refuse CONNECT', async () => {
    const wrong: readonly [number, Buffer][] = [
      [0x82, Buffer.from([33, 0, 0])],
      [0x82, Buffer.from([39, 0, 0, 0, 0])],
      [0x82, Buffer.from([23, 2])],
      [0x82, Buffer.from([25, 2])],
      [0x82, Buffer.from([17, 0, 0, 0, 1, 17, 0, 0, 0, 1])],
      [0x82, Buffer.from([35, 0, 1])],
      [0x82, Buffer.from([0x7f, 0])],
      [0x82, longProperty(22, 'data without a method')],
      [0x82, longProperty(31, 'a reason')],
      [0x81, Buffer.from([33, 1])],
    ];
    for (const [reasonCode, list] of wrong) {
      const client = await first(5, connectBytes(5, { list }));
      expect(await client.closed()).toMatchObject([{ cmd: 'connack', reasonCode, sessionPresent: false }]);
    }
  });
});

describe('the client identifier', () => {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-5] v5.0 [MQTT-3.1.3-5] 1 to 23 letters and digits are allowed (level %i)',
    async (level) => {
      const ids = [...letters.split(/(?:)/), ...[0, 23, 39].map((at) => letters.slice(at, at + 23))];
      const clients = await Promise.all(ids.map((id) => ground.open(level, id)));
      expect(ground.broker.stats().sessions.online).toBe(clients.length);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-2] v5.0 [MQTT-3.1.3-2] sessions are told apart by it, letter by letter (level %i)',
    async (level) => {
      const fields = { clean: false, ...(level === 5 && { properties: { sessionExpiryInterval: 60 } }) };
      const one = await ground.open(level, 'Device', fields);
      await one.subscribe('t', 1);
      await one.drop();
      const other = await ground.open(level, 'device', fields);
      const again = await ground.open(level, 'Device', fields);
      expect([other.sessionPresent, again.sessionPresent]).toEqual([false, true]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-6] v5.0 [MQTT-3.1.3-6] an empty one is replaced by one of its own (level %i)',
    async (level) => {
      const clients = [await ground.open(level, ''), await ground.open(level, '')];
      for (const client of clients) await client.subscribe('t');
      await ground.publish('t');
      for (const client of clients) expect(payloads(await client.drain())).toEqual(['x']);
      expect(ground.broker.stats().sessions.online).toBe(2);
    },
  );

  test('v5.0 [MQTT-3.1.3-7] [MQTT-3.2.2-16] the assigned one is told and names the session', async () => {
    const connack = await ground.connack(5, { clientId: '', properties: { sessionExpiryInterval: 60 } });
    const assigned = connack.cmd === 'connack' ? connack.properties?.assignedClientIdentifier : undefined;
    expect(assigned).toEqual(expect.stringMatching(/./));
    const again = await ground.open(5, assigned ?? '', { clean: false });
    expect(again.sessionPresent).toBe(true);
    expect(await ground.connack(5, { clientId: 'own' })).not.toHaveProperty(
      'properties.assignedClientIdentifier',
    );
  });

  test('v3.1.1 [MQTT-3.1.3-8] [MQTT-3.2.2-5] an empty one without Clean Session is answered by 0x02', async () => {
    const client = await first(4, connectBytes(4, { flags: 0, payload: [field('')] }));
    expect(await client.closed()).toMatchObject([{ cmd: 'connack', returnCode: 2, sessionPresent: false }]);
  });

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.3-9] v5.0 [MQTT-3.1.3-8] one beyond the bound is rejected and closed (level %i)',
    async (level) => {
      await ground.start({ limits: { clientIdBytesMax: 30 } });
      const client = await first(level, connectBytes(level, { payload: [field('x'.repeat(31))] }));
      const code = level === 5 ? { reasonCode: 0x85 } : { returnCode: 2 };
      expect(await client.closed()).toMatchObject([{ cmd: 'connack', ...code }]);
    },
  );
});

describe('after CONNECT', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.4-2] v5.0 [MQTT-3.1.4-3] the same client again ends its older connection (level %i)',
    async (level) => {
      const old = await ground.open(level, 'c');
      const next = await ground.open(level, 'c');
      await expectCut(old, level, 0x8e);
      expect(await next.drain()).toEqual([]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.4-5] [MQTT-3.2.2-4] [MQTT-3.2.2-5] v5.0 [MQTT-3.1.4-2] [MQTT-3.1.4-6] [MQTT-3.2.2-6] [MQTT-3.2.2-7] [MQTT-4.13.2-1] who is refused is closed, and nothing more of it is processed (level %i)',
    async (level) => {
      await ground.start({
        anonymous: 'deny',
        credentials: [{ username: 'u', password: 'p', superuser: true }],
      });
      const login = { username: 'u', password: Buffer.from('p') };
      const seen = await ground.open(5, 'witness', login);
      await seen.subscribe('#');
      const client = await ground.raw(level);
      client.send(connectPacket({ protocolVersion: level, clean: false }));
      client.write(publishBytes(level));
      const answer = level === 5 ? { reasonCode: 0x87 } : { returnCode: 5 };
      expect(await client.closed()).toMatchObject([{ cmd: 'connack', sessionPresent: false, ...answer }]);
      expect(topics(await seen.drain())).toEqual([]);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-3.1.4-4] [MQTT-3.2.0-1] v5.0 [MQTT-3.1.4-5] [MQTT-3.2.0-1] [MQTT-3.2.0-2] CONNACK comes first and once, also when packets follow CONNECT at once (level %i)',
    async (level) => {
      const fields = {
        protocolVersion: level,
        clientId: 'c',
        clean: false,
        properties: { sessionExpiryInterval: 60 },
      };
      const before = await ground.open(level, 'c', fields);
      await before.subscribe('t', 1);
      await before.drop();
      await ground.publish('t', 'waiting');
      const client = await ground.raw(level);
      client.send(connectPacket(fields));
      client.send(message({ topic: 'other' }));
      const kinds = (await client.drain()).map(({ cmd }) => cmd);
      expect(kinds).toEqual(['connack', 'publish']);
    },
  );

  test('v5.0 [MQTT-3.2.2-1] v3.1.1 [MQTT-3.2.2-1] the CONNACK flags are 0 but for Session Present', async () => {
    const v4 = await first(4, connectBytes(4));
    await v4.next();
    expect(v4.received).toEqual(frame(0x20, Buffer.from([0, 0])));
    const v5 = await first(5, connectBytes(5));
    await v5.next();
    expect([...v5.received.subarray(2, 4)]).toEqual([0, 0]);
  });
});
