import type { AccessRule, AclRule } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { type AclQuestion, DenialBook, systemClock } from '../src/index.ts';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { message, payloads } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

let running: TestBroker | undefined;
let book = new DenialBook(systemClock);

const start = async (options: TestBrokerOptions = {}): Promise<TestBroker> => {
  book = new DenialBook(systemClock);
  running = await startBroker({ denials: book, ...options });
  return running;
};
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

const connect = (clientId: string, fields: Parameters<typeof RawClient.connect>[1] = {}) =>
  RawClient.connect(running?.port ?? 0, { clientId, ...fields });

const rule = (more: Partial<AccessRule> & Pick<AccessRule, 'permission' | 'topics'>): AccessRule => ({
  id: 'r1',
  phase: 'before',
  who: 'all',
  action: 'all',
  ...more,
});
const use = (...rules: readonly AccessRule[]): void => {
  running?.broker.applyControlEvent({ kind: 'access-changed', rules });
};
const puback = async (client: RawClient, topic: string): Promise<unknown> => {
  client.send(message({ topic, qos: 1, messageId: 7 }));
  return client.next();
};
const DENIED = { cmd: 'puback', reasonCode: 0x87 };
/** What was denied since it was asked last. */
const denied = () => book.take()?.denials ?? [];

describe('global rules', () => {
  test('a deny that is asked before bites although the credential allows everything, in a session that is open', async () => {
    await start();
    const client = await connect('a', { protocolVersion: 5 });
    expect(await puback(client, 'plant/x')).not.toMatchObject(DENIED);
    use(rule({ permission: 'deny', topics: ['plant/#'] }));
    expect(await puback(client, 'plant/x')).toMatchObject(DENIED);
    expect(await puback(client, 'hall/x')).not.toMatchObject(DENIED);
    use();
    expect(await puback(client, 'plant/x')).not.toMatchObject(DENIED);
  });

  test('a deny that is asked after decides only what the client’s own rules leave open', async () => {
    const own: readonly AclRule[] = [{ permission: 'allow', action: 'all', topic: 'own/#' }];
    await start({ anonymous: 'deny', credentials: [{ username: 'u', password: 'p', rules: own }] });
    use(
      rule({ id: 'no', phase: 'after', permission: 'deny', topics: ['own/#', 'shared/secret'] }),
      rule({ id: 'yes', phase: 'after', permission: 'allow', topics: ['shared/#'] }),
    );
    const client = await connect('a', {
      protocolVersion: 5,
      username: 'u',
      password: Buffer.from('p'),
    });
    expect(await puback(client, 'own/x')).not.toMatchObject(DENIED);
    expect(await puback(client, 'shared/x')).not.toMatchObject(DENIED);
    expect(await puback(client, 'shared/secret')).toMatchObject(DENIED);
    expect(await puback(client, 'other')).toMatchObject(DENIED);
  });

  test('a subscription that a new rule forbids ends; nothing live, retained or shared comes through it', async () => {
    await start();
    const subscriber = await connect('sub');
    await subscriber.subscribe('plant/#');
    await subscriber.subscribe('$share/g/plant/#');
    await subscriber.subscribe('hall/#');
    use(rule({ permission: 'deny', action: 'subscribe', topics: ['plant/#'] }));
    const publisher = await connect('pub');
    publisher.send(message({ topic: 'plant/x', payload: 'no' }));
    publisher.send(message({ topic: 'hall/x', payload: 'yes' }));
    await publisher.drain();
    expect(payloads(await subscriber.drain())).toEqual(['yes']);
  });

  test('one gate for live, retained, shared and queued deliveries and wills where a deny overlaps', async () => {
    await start();
    use(rule({ permission: 'deny', action: 'subscribe', topics: ['a/secret'] }));
    const publisher = await connect('pub');
    publisher.send(message({ topic: 'a/secret', payload: 'retained', retain: true }));
    const subscriber = await connect('sub', { clean: false });
    await subscriber.subscribe('a/+', 1);
    await subscriber.subscribe('$share/g/a/+', 1);
    const mortal = await connect('mortal', {
      will: { topic: 'a/secret', payload: Buffer.from('will'), qos: 0, retain: false },
    });
    publisher.send(message({ topic: 'a/secret', payload: 'live' }));
    await publisher.drain();
    await mortal.drop();
    await publisher.drain();
    expect(payloads(await subscriber.drain())).toEqual([]);
    await subscriber.drop();
    publisher.send(message({ topic: 'a/secret', payload: 'queued', qos: 1, messageId: 1 }));
    publisher.send(message({ topic: 'a/later', payload: 'later', qos: 1, messageId: 2 }));
    publisher.send(message({ topic: 'a/open', payload: 'open', qos: 1, messageId: 3 }));
    await publisher.drain();
    use(rule({ permission: 'deny', action: 'subscribe', topics: ['a/secret', 'a/later'] }));
    const back = await connect('sub', { clean: false });
    expect(new Set(payloads(await back.drain()))).toEqual(new Set(['open']));
  });

  test('rules tell clients by address, tag, name and placeholders', async () => {
    await start({
      anonymous: 'deny',
      credentials: [{ username: 'u', password: 'p', rules: [] }],
    });
    use(
      rule({ permission: 'deny', who: { ip: '10.0.0.0/8' }, topics: ['x'] }),
      rule({
        permission: 'allow',
        who: { and: [{ username: 'u' }, { ip: '127.0.0.0/8' }] },
        topics: ['x', 'of/${clientid}/#'],
      }),
    );
    const client = await connect('a', { protocolVersion: 5, username: 'u', password: Buffer.from('p') });
    expect(await puback(client, 'x')).not.toMatchObject(DENIED);
    expect(await puback(client, 'of/a/1')).not.toMatchObject(DENIED);
    expect(await puback(client, 'of/b/1')).toMatchObject(DENIED);
  });

  test('a rule may look at QoS and RETAIN, and what was remembered of a topic does not mislead it', async () => {
    await start();
    use(
      rule({ permission: 'deny', action: 'publish', topics: ['t'], retain: true }),
      rule({ permission: 'deny', action: 'publish', topics: ['t'], qos: [2] }),
    );
    const client = await connect('a', { protocolVersion: 5 });
    const publish = async (fields: Parameters<typeof message>[0]) => {
      client.send(message(fields));
      return client.next();
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await publish({ topic: 't', qos: 1, messageId: 1 })).not.toMatchObject(DENIED);
      expect(await publish({ topic: 't', qos: 1, messageId: 2, retain: true })).toMatchObject(DENIED);
      expect(await publish({ topic: 't', qos: 2, messageId: 3 })).toMatchObject({ reasonCode: 0x87 });
    }
  });

  test('where nothing matches, `noMatch: allow` opens everything outside $', async () => {
    await start({
      anonymous: 'deny',
      credentials: [{ username: 'u', password: 'p', rules: [] }],
      access: { noMatch: 'allow' },
    });
    const client = await connect('a', { protocolVersion: 5, username: 'u', password: Buffer.from('p') });
    expect(await puback(client, 'x')).not.toMatchObject(DENIED);
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: ['#', '$SYS/#'].map((topic) => ({ topic, qos: 0 as const })),
    });
    expect(await client.next()).toMatchObject({ granted: [0, 0x87] });
  });
});

describe('deny action: disconnect', () => {
  test.each([4, 5] as const)(
    'a forbidden publish closes the connection of an MQTT %i client',
    async (version) => {
      await start({ access: { denyAction: 'disconnect' } });
      use(rule({ permission: 'deny', topics: ['no/#'] }));
      const client = await connect('a', { protocolVersion: version });
      client.send(message({ topic: 'no/x', qos: 0 }));
      expect(await client.closed()).toMatchObject(
        version === 5 ? [{ cmd: 'disconnect', reasonCode: 0x87 }] : [],
      );
    },
  );

  test('so does a forbidden subscription, and one that a new rule takes away', async () => {
    await start({ access: { denyAction: 'disconnect' } });
    use(rule({ permission: 'deny', topics: ['no/#'] }));
    const client = await connect('a', { protocolVersion: 5 });
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'no/x', qos: 0 }] });
    expect(await client.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x87 }]);
    const other = await connect('b', { protocolVersion: 5 });
    await other.subscribe('late/#');
    const unconcerned = await connect('c', { protocolVersion: 5 });
    use(rule({ permission: 'deny', topics: ['late/#'] }));
    expect(await other.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x87 }]);
    expect(await unconcerned.drain()).toEqual([]);
  });
});

describe('denials', () => {
  test('are counted by client, action, topic and rule, with what denied', async () => {
    await start();
    use(rule({ id: 'plant', permission: 'deny', topics: ['plant/#'] }));
    const client = await connect('a', { protocolVersion: 5 });
    await puback(client, 'plant/x');
    await puback(client, 'plant/x');
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$SYS/#', qos: 0 }] });
    await client.next();
    expect(denied()).toMatchObject([
      {
        clientId: 'a',
        action: 'publish',
        topic: 'plant/x',
        by: 'before',
        rule: { id: 'plant', permission: 'deny', topic: 'plant/#' },
        count: 2,
        ip: '127.0.0.1',
      },
      { action: 'subscribe', topic: '$SYS/#', by: 'no-match', rule: null, count: 1 },
    ]);
    expect(denied()).toEqual([]);
  });

  test('a client that tries every topic makes neither memory grow nor a count be lost', async () => {
    await start();
    use(rule({ permission: 'deny', topics: ['#'] }));
    const client = await connect('a');
    for (let each = 0; each < 2_100; each += 1) client.send(message({ topic: `t/${each}`, qos: 0 }));
    await client.drain();
    const batches = Array.from({ length: 4 }, () => book.take());
    expect(batches.map((batch) => batch?.denials.length)).toEqual([500, 500, 500, 500]);
    expect(batches[0]?.aggregates).toMatchObject([{ action: 'publish', by: 'before', count: 100 }]);
    expect(book.take()).toBeUndefined();
  });
});

describe('a source that is asked about each topic', () => {
  const asking = (ask: (question: AclQuestion) => Promise<'allow' | 'deny' | 'ignore' | 'error'>) => {
    const asked: AclQuestion[] = [];
    const options: TestBrokerOptions = {
      chains: () => ({
        begin: () => Promise.reject(new Error('not asked')),
        decide: (attempt) => ({
          outcome: 'allow',
          by: 'web',
          trace: [],
          grant: {
            principal: { namespace: 'http', subject: attempt.clientId },
            superuser: false,
            rules: [],
            credentialId: undefined,
            bindsClientId: false,
            expiresAt: undefined,
            rehash: false,
            anonymous: false,
            asks: 'web',
          },
        }),
      }),
      access: {
        ask: (question) => {
          asked.push(question);
          return ask(question);
        },
      },
    };
    return { asked, options };
  };

  test('packets keep their order while it is asked, and its answer is remembered', async () => {
    const { asked, options } = asking(({ topic }) =>
      Promise.resolve(topic.startsWith('yes') ? 'allow' : 'deny'),
    );
    await start(options);
    const subscriber = await connect('sub');
    await subscriber.subscribe('yes/#');
    const client = await connect('a', { protocolVersion: 5, password: Buffer.from('secret'), username: 'u' });
    for (let each = 1; each <= 20; each += 1) {
      const topic = each % 2 === 0 ? 'yes/x' : 'no/x';
      client.send(message({ topic, payload: String(each), qos: 1, messageId: each }));
    }
    const answers = await client.drain();
    expect(answers.map((packet) => packet.messageId)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(payloads(await subscriber.drain())).toEqual([
      '2',
      '4',
      '6',
      '8',
      '10',
      '12',
      '14',
      '16',
      '18',
      '20',
    ]);
    const publishes = asked.filter(({ action }) => action === 'publish');
    expect(publishes).toMatchObject([{ topic: 'no/x' }, { topic: 'yes/x' }]);
    expect(publishes[0]?.attempt.password).toBeUndefined();
    expect(denied()).toMatchObject([{ topic: 'no/x', by: 'source', count: 10 }]);
  });

  test('each filter and the will are asked about; what it does not know the rules decide; an error denies', async () => {
    const { options } = asking(({ topic }) => {
      if (topic.startsWith('fail')) return Promise.resolve('error');
      return Promise.resolve(topic.startsWith('mine') ? 'allow' : 'ignore');
    });
    await start(options);
    use(rule({ phase: 'after', permission: 'allow', topics: ['open/#', 'fail/#'] }));
    const client = await connect('a', {
      protocolVersion: 5,
      will: { topic: 'mine/will', payload: Buffer.from('w'), qos: 0, retain: false },
    });
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: ['mine/#', 'open/#', 'other/#', 'fail/#'].map((topic) => ({ topic, qos: 0 as const })),
    });
    expect(await client.next()).toMatchObject({ granted: [0, 0, 0x87, 0x87] });
    const refused = await RawClient.open(running?.port ?? 0, 5);
    refused.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clientId: 'b',
      clean: true,
      keepalive: 60,
      will: { topic: 'other/will', payload: Buffer.from('w'), qos: 0, retain: false },
    });
    expect(await refused.next()).toMatchObject({ cmd: 'connack', reasonCode: 0x87 });
  });

  test('a global deny is asked first, and at delivery it alone; the source never is', async () => {
    const { asked, options } = asking(() => Promise.resolve('allow'));
    await start(options);
    use(rule({ permission: 'deny', topics: ['a/secret'] }));
    const subscriber = await connect('sub');
    await subscriber.subscribe('a/#');
    const before = asked.length;
    const publisher = await connect('server');
    await running?.broker.inspection.publishMessage({
      topic: 'a/secret',
      payload: Buffer.from('no'),
      qos: 0,
      retain: false,
      properties: {},
    });
    await running?.broker.inspection.publishMessage({
      topic: 'a/open',
      payload: Buffer.from('yes'),
      qos: 0,
      retain: false,
      properties: {},
    });
    await publisher.drain();
    expect(payloads(await subscriber.drain())).toEqual(['yes']);
    expect(asked.length).toBe(before);
  });

  test('remembered answers are void when rules change, and when somebody says so', async () => {
    let word: 'allow' | 'deny' = 'allow';
    const { asked, options } = asking(() => Promise.resolve(word));
    await start(options);
    const client = await connect('a', { protocolVersion: 5 });
    expect(await puback(client, 't')).not.toMatchObject(DENIED);
    word = 'deny';
    expect(await puback(client, 't')).not.toMatchObject(DENIED);
    expect(asked).toHaveLength(1);
    const counted = () => running?.broker.inspection.countAnswers();
    expect(await counted()).toEqual({ answers: 1, clients: 1, complete: true });
    running?.broker.applyControlEvent({ kind: 'acl-cache-cleared', clientId: 'a' });
    expect(await counted()).toEqual({ answers: 0, clients: 0, complete: true });
    expect(await puback(client, 't')).toMatchObject(DENIED);
    word = 'allow';
    running?.broker.applyControlEvent({ kind: 'acl-cache-cleared', clientId: null });
    expect(await puback(client, 't')).not.toMatchObject(DENIED);
    word = 'deny';
    use();
    expect(await puback(client, 't')).toMatchObject(DENIED);
  });
});
