import type {
  ClientSessionDto,
  ClientSubscriptionDto,
  NodeDto,
  Problem,
  StatsDto,
} from '@gatehouse/contract';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';

const TEST_MS = 60_000;
const NAMES = ['gate-1', 'gate-2', 'gate-3'];

interface ScanPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly prev: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly nodes: readonly string[];
  readonly missing: readonly string[];
}

let cluster: Cluster;
/** By node. */
let apis: readonly Api[];
let secret: string;
const clients: MqttClient[] = [];

const device = async (node: number, clientId: string, more: IClientOptions = {}): Promise<MqttClient> => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${String(cluster.nodes[node]?.ports.tcp)}`, {
    protocolVersion: 5,
    clientId,
    username: 'fleet',
    password: secret,
    clean: false,
    reconnectPeriod: 0,
    properties: { sessionExpiryInterval: 3_600 },
    ...more,
  });
  clients.push(client);
  return client;
};
const api = (node: number): Api => {
  const found = apis[node];
  if (found === undefined) throw new Error('there is no such node');
  return found;
};
const sessions = (node: number, query: string): Promise<ScanPage<ClientSessionDto>> =>
  api(node).ok('GET', `/clients?${query}`);

beforeAll(async () => {
  cluster = await startCluster();
  const first = await cluster.start('gate-1');
  const added = await first.cli(['credentials', 'add', '--username', 'fleet', '--json'], '');
  secret = (JSON.parse(added.stdout) as { secret: string }).secret;
  await cluster.start('gate-2');
  await cluster.start('gate-3');
  apis = cluster.nodes.map((server) => new Api(server));
  for (let number = 0; number < 9; number += 1) {
    const client = await device(number % 3, `meter-${String(number)}`);
    await client.subscribeAsync(`meters/${String(number)}/set`, { qos: 1 });
    // Of each node one is kept without a connection.
    if (number >= 6) await client.endAsync();
  }
}, TEST_MS);
afterAll(async () => {
  for (const client of clients) client.end(true);
  await cluster.stop();
});

test('each node lists the sessions of all, kept ones too, in order and page by page; each names its node', async () => {
  for (const node of [0, 1, 2]) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await sessions(node, `search=meter-&limit=4${cursor}`);
      expect(page).toMatchObject({ total: 9, totalIsExact: true, nodes: NAMES, missing: [] });
      seen.push(...page.items.map(({ clientId, node: at, online }) => `${clientId} ${at} ${String(online)}`));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(seen).toEqual(
      Array.from({ length: 9 }, (_, number) => {
        const name = NAMES[number % 3] ?? '';
        return `meter-${String(number)} ${name} ${String(number < 6)}`;
      }),
    );
  }
  const second = await sessions(0, 'search=meter-&node=gate-2&sort=-clientId');
  expect(second.items.map(({ clientId }) => clientId)).toEqual(['meter-7', 'meter-4', 'meter-1']);
  expect(second).toMatchObject({ total: 3, nodes: NAMES });
});

test('each node lists the subscriptions of all, and finds whom a message would reach', async () => {
  const list = (node: number, query: string): Promise<ScanPage<ClientSubscriptionDto>> =>
    api(node).ok('GET', `/subscriptions?${query}`);
  const all = await list(1, 'clientId=starts:meter-&sort=-topicFilter&limit=2');
  expect(all).toMatchObject({ total: 9, nodes: NAMES, missing: [] });
  expect(all.items.map(({ filter, node }) => [filter, node])).toEqual([
    ['meters/8/set', 'gate-3'],
    ['meters/7/set', 'gate-2'],
  ]);
  const reached = await list(2, 'topic=meters/3/set');
  expect(reached.items.map(({ clientId, node }) => [clientId, node])).toEqual([['meter-3', 'gate-1']]);
});

test('one session is shown, left without its connection, and ended from whatever node; who has none is not found', async () => {
  const client = await device(2, 'valve', { properties: { sessionExpiryInterval: 3_600 } });
  await client.subscribeAsync('valve/#', { qos: 1 });
  const shown = await api(0).ok<ClientSessionDto>('GET', '/clients/valve');
  expect(shown).toMatchObject({ node: 'gate-3', online: true, subscriptions: 1 });
  await api(1).ok('DELETE', '/subscriptions?clientId=valve&filter=valve%2F%23');
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  expect(await api(0).ok('POST', '/clients/disconnect', { clientIds: ['valve', 'nobody'] })).toEqual({
    affected: 1,
  });
  await closed;
  expect(await api(1).ok<ClientSessionDto>('GET', '/clients/valve')).toMatchObject({
    online: false,
    subscriptions: 0,
  });
  await api(1).ok('DELETE', '/clients/valve?session=end');
  expect((await api(2).call('GET', '/clients/valve')).status).toBe(404);
});

test('a message that is published by the API of one node reaches subscribers of another', async () => {
  const client = await device(1, 'listener');
  await client.subscribeAsync('news/#', { qos: 1 });
  const got = new Promise<string>((resolve) =>
    client.once('message', (_topic, payload) => resolve(payload.toString())),
  );
  await api(2).ok('POST', '/publish', { topic: 'news/today', payload: 'hello', qos: 1 });
  expect(await got).toBe('hello');
});

test('the numbers of each node are those of all, and each tells which nodes there are and how they are', async () => {
  const [one, two] = cluster.nodes;
  if (one === undefined || two === undefined) throw new Error('the nodes are not there');
  const expected = await Promise.all(
    [0, 1, 2].map(async (node) => (await sessions(0, `online=true&node=${NAMES[node] ?? ''}`)).total),
  );
  for (const node of [0, 1, 2]) {
    const stats = await api(node).ok<StatsDto>('GET', '/stats?top=0');
    expect(stats.node).toBe(NAMES[node]);
    expect(stats.nodes.map(({ id, state, clientsOnline }) => [id, state, clientsOnline])).toEqual(
      NAMES.map((id, at) => [id, 'active', expected[at]]),
    );
    expect(stats.clientsOnline).toBe(expected.reduce((sum, count) => sum + count, 0));
    // Each of the nine, and who came in the tests before, was let in once.
    expect(stats.totals.accepted).toBe(clients.length);
  }
  await two.cli(['drain']);
  const told = await one.cli(['nodes', '--json']);
  expect((JSON.parse(told.stdout) as NodeDto[]).map(({ id, state }) => [id, state])).toEqual([
    ['gate-1', 'active'],
    ['gate-2', 'draining'],
    ['gate-3', 'active'],
  ]);
  await two.cli(['drain', '--undo']);
});

test(
  'a node that does not answer is named: its sessions are missing, and nobody says that they do not exist',
  async () => {
    const stopped = cluster.nodes[2];
    if (stopped === undefined) throw new Error('the node is not there');
    // It does not end by that: nobody waits for it.
    void stopped.kill('SIGSTOP');
    const page = await sessions(0, 'search=meter-');
    expect(page).toMatchObject({ total: 6, totalIsExact: false, nodes: NAMES, missing: ['gate-3'] });
    const asked = await api(0).call<Problem>('GET', '/clients/meter-2');
    expect(asked.status).toBe(503);
    expect(asked.body).toMatchObject({ code: 'nodes-silent', detail: 'No answer from gate-3.' });
    const stats = await api(0).ok<StatsDto>('GET', '/stats?top=0');
    expect(stats.nodes.map(({ state, clientsOnline }) => [state, clientsOnline === null])).toEqual([
      ['active', false],
      ['active', false],
      ['silent', true],
    ]);
    // What is elsewhere is not held up.
    expect(await api(0).ok<ClientSessionDto>('GET', '/clients/meter-1')).toMatchObject({ node: 'gate-2' });
  },
  TEST_MS,
);
