import { expect, test } from 'vitest';
import { message, payloads } from '../support/messages.ts';
import { frame } from '../support/raw-client.ts';
import {
  ILL_FORMED,
  packetId,
  publishBytes,
  subscribeBytes,
  unsubscribeBytes,
  userProperty,
  WRONG_HEADERS,
} from './bytes.ts';
import { expectCut, expectNext, LEVELS, topics, useBroker } from './support.ts';

const ground = useBroker();

test.each(LEVELS)(
  'v3.1.1 [MQTT-1.5.3-1] v5.0 [MQTT-1.5.4-1] text that is no UTF-8 closes the connection (level %i)',
  async (level) => {
    for (const bad of ILL_FORMED) {
      const wrong = [
        publishBytes(level, { topic: bad }),
        subscribeBytes(level, { filters: [bad] }),
        unsubscribeBytes(level, { filters: [bad] }),
      ];
      for (const bytes of wrong) {
        const client = await ground.open(level, 'c');
        client.write(bytes);
        await expectCut(client, level, 0x81);
      }
    }
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-1.5.3-2] [MQTT-4.7.3-2] v5.0 [MQTT-1.5.4-2] [MQTT-4.7.3-2] U+0000 closes the connection (level %i)',
  async (level) => {
    const wrong = [
      publishBytes(level, { topic: 'a\0b' }),
      subscribeBytes(level, { filters: ['a\0'] }),
      unsubscribeBytes(level, { filters: ['\0a'] }),
    ];
    for (const bytes of wrong) {
      const client = await ground.open(level, 'c');
      client.write(bytes);
      await expectCut(client, level, 0x81);
    }
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-1.5.3-3] v5.0 [MQTT-1.5.4-3] a byte order mark stays in a topic and is matched (level %i)',
  async (level) => {
    const client = await ground.open(level, 'c');
    await client.subscribe('\uFEFFt');
    client.send(message({ topic: 't' }));
    client.send(message({ topic: '\uFEFFt' }));
    expect(topics(await client.drain())).toEqual(['\uFEFFt']);
  },
);

test('v5.0 [MQTT-1.5.5-1] lengths are written in as few bytes as they need, and not read in more', async () => {
  const subscriber = await ground.open(5, 'sub');
  await subscriber.subscribe('t');
  for (const size of [0, 123, 124, 16_379, 16_380]) {
    const before = subscriber.received.length;
    await ground.publish('t', 'x'.repeat(size), { qos: 0 });
    await expectNext(subscriber, 'publish');
    expect(subscriber.received.subarray(before)).toEqual(publishBytes(5, { payload: 'x'.repeat(size) }));
  }
  const wrong = [
    Buffer.from([0xc0, 0x80, 0x00]),
    frame(0x30, Buffer.from([0x00, 0x01, 0x74, 0x80, 0x00])),
    frame(0x82, Buffer.from([0, 1, 3, 11, 0x81, 0x00, 0, 1, 0x74, 0])),
  ];
  for (const bytes of wrong) {
    const client = await ground.open(5, 'c');
    client.write(bytes);
    await expectCut(client, 5, 0x81);
  }
});

test('v5.0 [MQTT-1.5.7-1] both halves of a user property are checked as text', async () => {
  for (const bad of [...ILL_FORMED, Buffer.from('a\0b')]) {
    for (const list of [userProperty(bad, 'v'), userProperty('n', bad)]) {
      const client = await ground.open(5, 'c');
      client.write(publishBytes(5, { list }));
      await expectCut(client, 5, 0x81);
    }
  }
});

test.each(LEVELS)(
  'v3.1.1 [MQTT-2.2.2-1] [MQTT-2.2.2-2] v5.0 [MQTT-2.1.3-1] wrong reserved flags close the connection (level %i)',
  async (level) => {
    for (const header of WRONG_HEADERS) {
      const client = await ground.open(level, 'c');
      client.write(frame(header, header >= 0xc0 ? Buffer.alloc(0) : packetId(1)));
      await expectCut(client, level, 0x81);
    }
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-2.3.1-5] v5.0 [MQTT-2.2.1-2] a PUBLISH at QoS 0 has no packet identifier (level %i)',
  async (level) => {
    const client = await ground.open(level, 'c');
    await client.subscribe('t');
    const before = client.received.length;
    client.write(publishBytes(level, { payload: '\0\u0001x' }));
    await expectNext(client, 'publish');
    expect(client.received.subarray(before)).toEqual(publishBytes(level, { payload: '\0\u0001x' }));
  },
);

test('v3.1.1 [MQTT-2.3.1-1] an identifier of 0 closes the connection', async () => {
  const wrong = [
    publishBytes(4, { header: 0x32, id: 0 }),
    subscribeBytes(4, { id: 0 }),
    unsubscribeBytes(4, { id: 0 }),
  ];
  for (const bytes of wrong) {
    const client = await ground.open(4, 'c');
    client.write(bytes);
    await expectCut(client, 4, 0x81);
  }
});

test.each(LEVELS)(
  'v3.1.1 [MQTT-2.3.1-4] v5.0 [MQTT-2.2.1-4] the server takes identifiers that are in use by nothing else (level %i)',
  async (level) => {
    const subscriber = await ground.open(level, 'sub');
    await subscriber.subscribe('t', 1);
    const publisher = await ground.open(4, 'pub');
    publisher.send(message({ qos: 1, payload: 'kept in flight' }));
    const first = await expectNext(subscriber, 'publish');
    // Once round all 65 535 identifiers, the first one left out.
    const batch = Buffer.concat(Array.from({ length: 99 }, () => publishBytes(4, { header: 0x32, id: 2 })));
    const inUse = new Set([first.messageId]);
    for (let sent = 0; sent < 65_600; sent += 99) {
      publisher.write(batch);
      const ids: number[] = [];
      while (ids.length < 99) ids.push((await expectNext(subscriber, 'publish')).messageId ?? 0);
      for (const id of ids) {
        if (id === 0 || inUse.has(id)) throw new Error(`identifier ${id} is in use`);
        inUse.add(id);
      }
      for (const messageId of ids) {
        inUse.delete(messageId);
        subscriber.send({ cmd: 'puback', messageId });
      }
      await publisher.drain();
    }
    expect(inUse).toEqual(new Set([first.messageId]));
  },
);

test.each(LEVELS)(
  'v3.1.1 [MQTT-2.3.1-6] [MQTT-2.3.1-7] [MQTT-3.8.4-2] v5.0 [MQTT-2.2.1-5] [MQTT-2.2.1-6] [MQTT-3.8.4-2] answers repeat the identifier (level %i)',
  async (level) => {
    const client = await ground.open(level, 'c');
    client.send(message({ qos: 1, messageId: 701 }));
    client.send(message({ qos: 2, messageId: 702 }));
    client.send({ cmd: 'pubrel', messageId: 702 });
    client.send({ cmd: 'subscribe', messageId: 703, subscriptions: [{ topic: 't', qos: 1 }] });
    client.send({ cmd: 'unsubscribe', messageId: 704, unsubscriptions: ['t'] });
    expect((await client.drain()).map(({ cmd, messageId }) => [cmd, messageId])).toEqual([
      ['puback', 701],
      ['pubrec', 702],
      ['pubcomp', 702],
      ['suback', 703],
      ['unsuback', 704],
    ]);
  },
);

test('v5.0 [MQTT-2.2.2-1] no properties are written as a length of zero, and a missing length is malformed', async () => {
  const client = await ground.open(5, 'c');
  const before = client.received.length;
  client.write(Buffer.concat([subscribeBytes(5), publishBytes(5), unsubscribeBytes(5)]));
  expect(payloads(await client.drain())).toEqual(['x']);
  const answers = [
    frame(0x90, Buffer.from([0, 1, 0, 0])),
    publishBytes(5),
    frame(0xb0, Buffer.from([0, 1, 0, 0])),
    Buffer.from([0xd0, 0]),
  ];
  expect(client.received.subarray(before)).toEqual(Buffer.concat(answers));
  client.write(frame(0x30, Buffer.from([0, 1, 0x74])));
  await expectCut(client, 5, 0x81);
});
