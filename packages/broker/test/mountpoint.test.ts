import { createChain, DEFAULT_RULES, type Grant } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { type BrokerOptions, systemClock } from '../src/index.ts';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { DurableHouse } from './support/durable-house.ts';
import { message } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

const OUTSIDE = 'outside';

/** Admits everybody; the username says where the client's topics are mounted. */
const byUsername = (more: Partial<Grant> = {}, mountpointOf = (username: string) => username) => {
  const chain = createChain({
    name: 'default',
    steps: [
      {
        authenticator: {
          name: 'web',
          type: 'http',
          check: ({ username = OUTSIDE }) => ({
            outcome: 'allow',
            grant: {
              principal: { namespace: 'web', subject: username },
              superuser: false,
              rules: DEFAULT_RULES,
              credentialId: undefined,
              bindsClientId: false,
              expiresAt: undefined,
              rehash: false,
              anonymous: false,
              ...(username === OUTSIDE ? {} : { mountpoint: mountpointOf(username), ...more }),
            },
          }),
        },
        enabled: true,
        timeoutMs: 1_000,
        onError: 'deny',
        onMismatch: 'deny',
      },
    ],
    anonymous: () => 'deny',
    clock: systemClock,
    budgetMs: 3_000,
  });
  return { chains: () => chain } satisfies Partial<BrokerOptions>;
};

let running: TestBroker | undefined;
const start = async (options: TestBrokerOptions = byUsername()): Promise<void> => {
  running = await startBroker(options);
};
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

type Fields = Parameters<typeof RawClient.connect>[1];
const connect = (username: string, clientId: string, fields: Fields = {}): Promise<RawClient> =>
  RawClient.connect(running?.port ?? 0, { username, clientId, ...fields });
const outside = (clientId = 'o', fields: Fields = {}) => connect(OUTSIDE, clientId, fields);

/** What came, as `topic payload`. */
const received = async (client: RawClient): Promise<readonly string[]> =>
  (await client.drain()).flatMap((packet) =>
    packet.cmd === 'publish' ? [`${packet.topic} ${packet.payload.toString()}`] : [],
  );
const publish = async (client: RawClient, topic: string, payload: string, retain = false) => {
  client.send(message({ topic, payload, qos: 1, messageId: 9, retain }));
  return client.next();
};

describe.each([4, 5] as const)('MQTT %i: a client whose topics are mounted at t/', (protocolVersion) => {
  test('publishes into its mountpoint, and is sent what lies there under its own names', async () => {
    await start();
    const [inside, peer, watcher] = await Promise.all([
      connect('t/', 'a', { protocolVersion }),
      connect('t/', 'b', { protocolVersion }),
      outside('o', { protocolVersion }),
    ]);
    await peer.subscribe('#', 1);
    await watcher.subscribe('#', 1);
    await publish(inside, 'x/y', 'in');
    expect(await received(peer)).toEqual(['x/y in']);
    expect(await received(watcher)).toEqual(['t/x/y in']);
    await publish(watcher, 't/x', 'out');
    expect(await received(peer)).toEqual(['x out']);
  });

  test('gets its retained messages so, and leaves them there', async () => {
    await start();
    const inside = await connect('t/', 'a', { protocolVersion });
    await publish(inside, 'kept', '1', true);
    const watcher = await outside('o', { protocolVersion });
    await watcher.subscribe('t/#');
    expect(await received(watcher)).toEqual(['t/kept 1']);
    const peer = await connect('t/', 'b', { protocolVersion });
    await peer.subscribe('+');
    expect(await received(peer)).toEqual(['kept 1']);
  });

  test('has its will published there', async () => {
    await start();
    const watcher = await outside('o', { protocolVersion });
    await watcher.subscribe('#');
    const peer = await connect('t/', 'b', { protocolVersion });
    await peer.subscribe('gone');
    const will = { topic: 'gone', payload: Buffer.from('w'), qos: 0, retain: false } as const;
    await (await connect('t/', 'a', { protocolVersion, will })).drop();
    expect(await watcher.next()).toMatchObject({ cmd: 'publish', topic: 't/gone' });
    expect(await peer.next()).toMatchObject({ cmd: 'publish', topic: 'gone' });
  });

  test('shares subscriptions within its mountpoint alone', async () => {
    await start();
    const share = '$share/g/x/#';
    const [one, other, elsewhere, sender] = await Promise.all([
      connect('t/', 'a', { protocolVersion }),
      connect('t/', 'b', { protocolVersion }),
      connect('u/', 'c', { protocolVersion }),
      connect('t/', 's', { protocolVersion }),
    ]);
    for (const client of [one, other, elsewhere]) await client.subscribe(share, 1);
    await publish(sender, 'x/1', '1');
    await publish(sender, 'x/2', '2');
    expect([...(await received(one)), ...(await received(other))].sort()).toEqual(['x/1 1', 'x/2 2']);
    expect(await received(elsewhere)).toEqual([]);
  });

  test('ends a subscription by its own filter', async () => {
    await start();
    const inside = await connect('t/', 'a', { protocolVersion });
    for (const filter of ['x', '$share/g/x']) {
      await inside.subscribe(filter);
      inside.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: [filter] });
      await inside.next();
    }
    await publish(inside, 'x', '1');
    expect(await received(inside)).toEqual([]);
  });
});

describe('what is outside a mountpoint', () => {
  test('is not sent to the client, however wide its filter', async () => {
    await start();
    const [inside, sender] = await Promise.all([connect('t/', 'a'), outside()]);
    await inside.subscribe('#', 1);
    for (const topic of ['other', 't', 'tt/x', 'T/x', '/t/x', 'u/t/x']) await publish(sender, topic, 'no');
    expect(await received(inside)).toEqual([]);
    expect(await received(sender)).toEqual([]);
  });

  test('is not reached by its topics', async () => {
    await start();
    const [inside, neighbour] = await Promise.all([connect('t/', 'a'), connect('u/', 'b')]);
    await neighbour.subscribe('#', 1);
    for (const topic of ['u/x', '../u/x', '/u/x']) await publish(inside, topic, 'no');
    expect(await received(neighbour)).toEqual([]);
  });

  test('a first level of its own that begins with $ is for no wildcard', async () => {
    await start(byUsername({ superuser: true }));
    const [inside, sender] = await Promise.all([connect('t/', 'a'), outside()]);
    await inside.subscribe('#', 1);
    await inside.subscribe('+/x', 1);
    await publish(sender, 't/$SYS/x', 'no');
    expect(await received(inside)).toEqual([]);
    await inside.subscribe('$SYS/#', 1);
    await publish(sender, 't/$SYS/x', 'yes');
    expect(await received(inside)).toEqual(['$SYS/x yes']);
  });

  test('of the server’s own topics a superuser within a mountpoint has none, and forges none', async () => {
    await start(byUsername({ superuser: true }));
    const inside = await connect('t/', 'a', { protocolVersion: 5 });
    await inside.subscribe('$SYS/#', 1);
    expect(await received(inside)).toEqual([]);
    expect(await publish(inside, '$SYS/broker/version', 'x')).toMatchObject({ reasonCode: 0x87 });
  });
});

describe('MQTT 5 within a mountpoint', () => {
  test('topic aliases stand for its own names, both ways', async () => {
    await start();
    const inside = await connect('t/', 'a', {
      protocolVersion: 5,
      properties: { topicAliasMaximum: 5 },
    });
    const watcher = await outside('o', { protocolVersion: 5, properties: { topicAliasMaximum: 5 } });
    await inside.subscribe('x');
    await watcher.subscribe('t/x');
    const send = (topic: string): void => {
      inside.send(message({ topic, properties: { topicAlias: 1 } }));
    };
    send('x');
    send('');
    const aliases = async (client: RawClient) =>
      (await client.drain()).map((packet) =>
        packet.cmd === 'publish' ? [packet.topic, packet.properties?.topicAlias] : [],
      );
    expect(await aliases(inside)).toEqual([
      ['x', 1],
      ['', 1],
    ]);
    expect(await aliases(watcher)).toEqual([
      ['t/x', 1],
      ['', 1],
    ]);
  });

  test('the response topic and user properties pass as they are', async () => {
    await start();
    const [inside, watcher] = await Promise.all([
      connect('t/', 'a', { protocolVersion: 5 }),
      outside('o', { protocolVersion: 5 }),
    ]);
    await watcher.subscribe('t/x');
    const properties = { responseTopic: 'answer', userProperties: { topic: 'x' } };
    inside.send(message({ topic: 'x', properties }));
    expect(await watcher.next()).toMatchObject({ topic: 't/x', properties });
  });

  test('the bounds of topics are those of the whole one', async () => {
    await start({ ...byUsername(), limits: { topicBytesMax: 8, topicLevelsMax: 3 } });
    const inside = await connect('t/', 'a', { protocolVersion: 5 });
    inside.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/b/c', qos: 0 }] });
    expect(await inside.next()).toMatchObject({ cmd: 'suback', granted: [0x8f] });
    inside.send(message({ topic: '1234567' }));
    expect(await inside.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x90 }]);
    const will = { topic: '1234567', payload: Buffer.from('w'), qos: 0, retain: false } as const;
    await expect(connect('t/', 'a', { protocolVersion: 5, will })).rejects.toThrow(/135/);
  });
});

describe('access rules', () => {
  test('are about the topics as the client writes them, at delivery too', async () => {
    const rules = [
      { permission: 'deny', action: 'subscribe', topic: 'x/secret' },
      { permission: 'allow', action: 'all', topic: 'x/#' },
    ] as const;
    await start(byUsername({ rules }));
    const [inside, sender] = await Promise.all([connect('t/', 'a', { protocolVersion: 5 }), outside()]);
    expect(await publish(inside, 't/x/1', 'no')).toMatchObject({ reasonCode: 0x87 });
    await inside.subscribe('x/#', 1);
    await publish(sender, 't/x/secret', 'no');
    await publish(sender, 't/x/open', 'yes');
    expect(await received(inside)).toEqual(['x/open yes']);
  });

  test('ask the source with the mountpoint beside the topic', async () => {
    const asked: unknown[] = [];
    const ask = ({
      topic,
      mountpoint,
      action,
    }: {
      topic: string;
      mountpoint?: string | undefined;
      action: string;
    }) => {
      asked.push([action, mountpoint, topic]);
      return Promise.resolve('allow' as const);
    };
    await start({ ...byUsername({ asks: 'web', rules: [] }), access: { ask } });
    const will = { topic: 'w', payload: Buffer.from('w'), qos: 0, retain: false } as const;
    const inside = await connect('t/', 'a', { will });
    await inside.subscribe('s');
    await publish(inside, 'p', 'x');
    expect(asked).toEqual([
      ['publish', 't/', 'w'],
      ['subscribe', 't/', 's'],
      ['publish', 't/', 'p'],
    ]);
  });
});

describe('what people see', () => {
  test('a session has its mountpoint, and is found by the whole topic that reaches it', async () => {
    await start();
    const inside = await connect('t/', 'a');
    await inside.subscribe('x/#');
    await inside.subscribe('$share/g/y');
    const { inspection } = running?.broker ?? {};
    expect(await inspection?.getClient('a')).toMatchObject({ mountpoint: 't/' });
    const request = { limit: 10, direction: 'asc' } as const;
    const reached = async (topic: string) => {
      const found = await inspection?.listSubscriptions({ topic }, request);
      if (found === undefined || found === 'busy') return found;
      return found.items.map(({ filter, mountpoint }) => [mountpoint, filter]);
    };
    expect(await reached('t/x/1')).toEqual([['t/', 'x/#']]);
    expect(await reached('t/y')).toEqual([['t/', '$share/g/y']]);
    expect(await reached('x/1')).toEqual([]);
  });
});

describe('a session that is kept', () => {
  const house = DurableHouse.forEachTest();
  const stay = (username: string, fields: Fields = {}) =>
    RawClient.connect(house.running.port, {
      username,
      clientId: 'sub',
      clean: false,
      keepalive: 0,
      ...fields,
    });
  const restart = async (options = byUsername()): Promise<void> => {
    await house.running.broker.stop();
    await house.start(options);
  };
  const send = async (topic: string): Promise<void> => {
    const sender = await RawClient.connect(house.running.port, { clientId: 'pub', keepalive: 0 });
    await publish(sender, topic, topic);
  };

  test('has what was queued, and its subscriptions, after it was away and after a restart', async () => {
    await restart();
    const client = await stay('t/');
    await client.subscribe('x/#', 1);
    await client.subscribe('$share/g/s', 1);
    await client.drop();
    await send('t/x/queued');
    await restart();
    await send('t/x/later');
    await send('t/s');
    const back = await stay('t/');
    expect(back.sessionPresent).toBe(true);
    const came = await received(back);
    expect(came).toEqual(['x/queued t/x/queued', 'x/later t/x/later', 's t/s']);
  });

  test('is not that of a client that comes back with another mountpoint', async () => {
    let mountpoint = 't/';
    await restart(byUsername({}, () => mountpoint));
    const client = await stay('someone');
    await client.subscribe('x', 1);
    await client.drop();
    await send('t/x');
    mountpoint = 'u/';
    const back = await stay('someone');
    expect(back.sessionPresent).toBe(false);
    expect(await received(back)).toEqual([]);
  });

  test('has its will published within its mountpoint when the server comes back', async () => {
    await restart();
    const will = { topic: 'gone', payload: Buffer.from('w'), qos: 1, retain: true } as const;
    await stay('t/', { will });
    await house.crash();
    const watcher = await house.come('watcher');
    await watcher.subscribe('#');
    expect(await received(watcher)).toEqual(['t/gone w']);
  });
});
