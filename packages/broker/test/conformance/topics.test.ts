import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/config.ts';
import { message, payloads } from '../support/messages.ts';
import { publishBytes } from './bytes.ts';
import { expectCut, expectNext, type Level, LEVELS, topics, useBroker } from './support.ts';

const login = { username: 'u', password: Buffer.from('p') };
const ground = useBroker({
  anonymous: 'deny',
  credentials: [{ username: 'u', password: 'p', superuser: true }],
});

const open = (level: Level, clientId: string) => ground.open(level, clientId, login);

/** What SUBACK says to each of these filters. */
async function granted(level: Level, filters: readonly string[]): Promise<unknown> {
  const client = await open(level, 'c');
  const subscriptions = filters.map((topic) => ({ topic, qos: 0 as const }));
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  const { granted: codes } = await expectNext(client, 'suback');
  await client.drop();
  return codes;
}

const refused = (level: Level, count: number): number[] =>
  Array<number>(count).fill(level === 5 ? 0x8f : 0x80);

describe('filters', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.7.1-2] [MQTT-3.8.3-2] v5.0 [MQTT-4.7.1-1] # stands alone or after a separator, and last (level %i)',
    async (level) => {
      expect(await granted(level, ['#', 'a/#', '/#', 'a/b/#'])).toEqual([0, 0, 0, 0]);
      const wrong = ['a#', 'a/b#', '#/a', 'a/#/b', '##', '#+'];
      expect(await granted(level, wrong)).toEqual(refused(level, wrong.length));
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.7.1-3] v5.0 [MQTT-4.7.1-2] + takes a whole level, first and last too (level %i)',
    async (level) => {
      expect(await granted(level, ['+', '+/a', 'a/+', 'a/+/b', '+/+', '+/#'])).toEqual(Array(6).fill(0));
      const wrong = ['a+', '+a', 'a/b+', 'a/+b/c', '++'];
      expect(await granted(level, wrong)).toEqual(refused(level, wrong.length));
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.7.3-1] v5.0 [MQTT-4.7.3-1] an empty filter or topic is refused, a blank or a separator is not (level %i)',
    async (level) => {
      expect(await granted(level, ['', ' ', '/'])).toEqual([...refused(level, 1), 0, 0]);
      const client = await open(level, 'c');
      client.send(message({ topic: ' ', qos: 1 }));
      await expectNext(client, 'puback');
      client.write(publishBytes(level, { topic: '' }));
      await expectCut(client, level, level === 5 ? 0x82 : 0x90);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.7.3-3] v5.0 [MQTT-4.7.3-3] a topic or filter beyond the bound is refused, up to it taken (level %i)',
    async (level) => {
      const longest = 'ä'.repeat(LIMITS.topicBytesMax / 2);
      expect(await granted(level, [longest, `${longest}a`])).toEqual([0, ...refused(level, 1)]);
      const client = await open(level, 'c');
      client.send(message({ topic: longest, qos: 1 }));
      await expectNext(client, 'puback');
      client.send(message({ topic: 'a'.repeat(65_535) }));
      await expectCut(client, level, 0x90);
    },
  );
});

describe('matching', () => {
  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.7.2-1] v5.0 [MQTT-4.7.2-1] a wildcard at the start leaves topics that begin with $ alone, live and retained (level %i)',
    async (level) => {
      const client = await open(level, 'c');
      for (const filter of ['#', '+/a', '+/#']) await client.subscribe(filter);
      client.send(message({ topic: '$x/a', retain: true }));
      client.send(message({ topic: 'x/a' }));
      expect(topics(await client.drain())).toEqual(['x/a']);
      const later = await open(level, 'later');
      for (const filter of ['#', '+/a']) await later.subscribe(filter);
      expect(topics(await later.drain())).toEqual([]);
      await later.subscribe('$x/+');
      expect(topics(await later.drain())).toEqual(['$x/a']);
    },
  );

  test.each(LEVELS)(
    'v3.1.1 [MQTT-4.7.3-4] v5.0 [MQTT-4.7.3-4] nothing is normalized: letters, accents, blanks and empty levels count (level %i)',
    async (level) => {
      const composed = 'caf\u00e9';
      const filters = [composed, 'Case', '/lead', 'double//x', 'end/', ' blank '];
      const alike = ['cafe\u0301', 'case', 'lead', 'double/x', 'end', 'blank', '\uFEFFcafé'];
      const client = await open(level, 'c');
      for (const filter of filters) await client.subscribe(filter);
      for (const topic of [...alike, ...filters]) client.send(message({ topic }));
      expect(topics(await client.drain())).toEqual(filters);
    },
  );
});

describe('shared subscriptions', () => {
  const lasting = { clean: false, properties: { sessionExpiryInterval: 3_600 }, ...login };

  test('v5.0 [MQTT-4.8.2-1] [MQTT-4.8.2-2] have a name without wildcards and a filter behind it', async () => {
    const good = ['$share/g/a', '$share/g/#', '$share/g//', '$share/g h/+'];
    expect(await granted(5, good)).toEqual([0, 0, 0, 0]);
    const wrong = [
      '$share/',
      '$share/g',
      '$share//a',
      '$share/g/',
      '$share/g+/a',
      '$share/#/a',
      '$share/+/a',
    ];
    expect(await granted(5, wrong)).toEqual(refused(5, wrong.length));
  });

  test('v5.0 [MQTT-4.8.2-3] deliver at the QoS granted to the receiver', async () => {
    const client = await open(5, 'c');
    for (const qos of [0, 1, 2] as const) {
      await client.subscribe('$share/g/t', qos);
      const publisher = await open(5, 'pub');
      publisher.send(message({ qos: 2 }));
      expect(await expectNext(client, 'publish')).toMatchObject({ qos });
    }
  });

  /** Two members of one group; the first one is given a QoS 2 message. */
  async function given() {
    const members = [await ground.open(5, 'one', lasting), await ground.open(5, 'two', lasting)];
    for (const member of members) await member.subscribe('$share/g/t', 2);
    const publisher = await ground.open(5, 'pub', login);
    publisher.send(message({ qos: 2 }));
    await publisher.drain();
    const got = await Promise.all(members.map(async (member) => payloads(await member.drain()).length));
    const [receiver, other] = got[0] === 1 ? members : [members[1], members[0]];
    if (receiver === undefined || other === undefined) throw new Error('nobody was given the message');
    return { receiver, other, id: got[0] === 1 ? 'one' : 'two' };
  }

  test('v5.0 [MQTT-4.8.2-4] complete a QoS 2 message with its receiver, when that is back', async () => {
    const { receiver, other, id } = await given();
    await receiver.drop();
    expect(await other.drain()).toEqual([]);
    const again = await ground.open(5, id, lasting);
    expect(await again.drain()).toMatchObject([{ cmd: 'publish', qos: 2, dup: true }]);
  });

  test('v5.0 [MQTT-4.8.2-5] give it to nobody else, if that receiver’s session ends', async () => {
    const { receiver, other } = await given();
    receiver.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await receiver.closed();
    expect(await other.drain()).toEqual([]);
  });

  test('v5.0 [MQTT-4.8.2-6] discard what its receiver refuses', async () => {
    const { receiver, other } = await given();
    receiver.send({ cmd: 'pubrec', messageId: 1, reasonCode: 0x80 });
    expect([await receiver.drain(), await other.drain()]).toEqual([[], []]);
  });
});
