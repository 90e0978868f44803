import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { until } from '../support/until.ts';

/** Time for a lease to end and for servers to start on a busy machine. */
const TEST_MS = 90_000;
/** A lease holds ten seconds; who watches it looks twice a second. */
const TAKEN_OVER_MS = 20_000;

let cluster: Cluster;
let secret: string;
const clients: MqttClient[] = [];

beforeAll(async () => {
  cluster = await startCluster();
  const first = await cluster.start('one');
  const added = await first.cli(['credentials', 'add', '--username', 'fleet', '--json'], '');
  secret = (JSON.parse(added.stdout) as { secret: string }).secret;
  await cluster.start('two');
  await cluster.start('three');
}, TEST_MS);
afterAll(async () => {
  for (const client of clients) client.end(true);
  await cluster.stop();
});

interface Device {
  readonly client: MqttClient;
  readonly present: boolean;
  /** Payloads in the order in which they came. */
  readonly got: string[];
  /** With what the server closed it. */
  readonly closed: number[];
}

const device = async (node: number, clientId: string, more: IClientOptions = {}): Promise<Device> => {
  const client = mqtt.connect(`mqtt://127.0.0.1:${String(cluster.nodes[node]?.ports.tcp)}`, {
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
  const got: string[] = [];
  const closed: number[] = [];
  client.on('message', (_topic, payload) => got.push(payload.toString()));
  client.on('disconnect', ({ reasonCode }) => closed.push(reasonCode ?? 0));
  const present = await new Promise<boolean>((resolve, reject) => {
    client.once('connect', (packet) => {
      resolve(packet.sessionPresent);
    });
    client.once('error', reject);
    client.once('close', () => {
      reject(new Error('closed without an answer'));
    });
  });
  return { client, present, got, closed };
};

test('what is published at one node reaches subscribers at the others: kept, passing, and retained', async () => {
  const lasting = await device(1, 'lasting');
  await lasting.client.subscribeAsync('plant/+/state', { qos: 2 });
  const passing = await device(2, 'passing', { clean: true, properties: { sessionExpiryInterval: 0 } });
  await passing.client.subscribeAsync('plant/#', { qos: 1 });
  const writer = await device(0, 'writer');
  await writer.client.publishAsync('plant/a/state', 'exactly once', { qos: 2 });
  await writer.client.publishAsync('plant/b/state', 'at most once', { qos: 0 });
  await writer.client.publishAsync('plant/c/state', 'stays', { qos: 1, retain: true });
  const all = ['exactly once', 'at most once', 'stays'];
  await expect.poll(() => [...lasting.got].sort()).toEqual([...all].sort());
  await expect.poll(() => passing.got).toEqual(all);
  const late = await device(2, 'late');
  await expect
    .poll(async () => {
      await late.client.subscribeAsync('plant/c/state', { qos: 1 });
      return late.got[0];
    })
    .toBe('stays');
});

test('a client that comes to another node takes its session there, with what waits for it; the old connection is told', async () => {
  const before = await device(0, 'roaming');
  await before.client.subscribeAsync('road/#', { qos: 1 });
  await before.client.endAsync();
  const writer = await device(2, 'road-writer');
  await writer.client.publishAsync('road/1', 'while it was away', { qos: 1 });
  const there = await device(1, 'roaming');
  expect(there.present).toBe(true);
  await expect.poll(() => there.got).toEqual(['while it was away']);
  const again = await device(2, 'roaming');
  expect(again.present).toBe(true);
  await expect.poll(() => there.closed).toEqual([0x8e]);
  await writer.client.publishAsync('road/2', 'where it is now', { qos: 1 });
  await expect.poll(() => again.got).toEqual(['where it is now']);
  // A session that takes the place of another at the same node is known to the others, too.
  const anew = await device(2, 'roaming', { clean: true });
  await expect.poll(() => again.closed).toEqual([0x8e]);
  expect((await device(1, 'roaming')).present).toBe(true);
  await expect.poll(() => anew.closed).toEqual([0x8e]);
});

test('of a shared subscription each message goes to one member, whatever nodes the members are at', async () => {
  const members = await Promise.all([0, 1, 2].map((node) => device(node, `member-${String(node)}`)));
  for (const { client } of members) await client.subscribeAsync('$share/line/jobs/#', { qos: 1 });
  const writer = await device(1, 'work-writer');
  const jobs = Array.from({ length: 30 }, (_, index) => `job-${String(index)}`);
  for (const job of jobs) await writer.client.publishAsync('jobs/now', job, { qos: 1 });
  await expect.poll(() => members.flatMap(({ got }) => got).sort()).toEqual([...jobs].sort());
  for (const { got } of members) expect(got.length).toBeGreaterThan(0);
});

test('what is changed at one node holds at the others: a password, a block', async () => {
  const [one, two] = cluster.nodes;
  if (one === undefined || two === undefined) throw new Error('the nodes are not there');
  const made = await one.cli(['credentials', 'add', '--username', 'pump', '--json'], '');
  const { id, secret: first } = JSON.parse(made.stdout) as { id: string; secret: string };
  const open = await device(1, 'pump', { username: 'pump', password: first });
  const changed = await one.cli(['credentials', 'update', id, '--new-secret', '--json'], '');
  const { secret: second } = JSON.parse(changed.stdout) as { secret: string };
  await expect.poll(() => open.client.connected).toBe(false);
  await expect(device(1, 'pump', { username: 'pump', password: first })).rejects.toThrow(
    /Bad User Name or Password/,
  );
  const again = await device(1, 'pump', { username: 'pump', password: second });
  expect(again.present).toBe(true);
  await new Api(one).ok('POST', '/blocked-clients', { kind: 'clientId', value: 'pump' });
  await expect.poll(() => again.client.connected).toBe(false);
  await expect(device(1, 'pump', { username: 'pump', password: second })).rejects.toThrow(/Banned/);
});

test('a node that is drained sends its clients to the others, is not ready, and lets them in again when that is undone', async () => {
  const [, two] = cluster.nodes;
  if (two === undefined) throw new Error('the nodes are not there');
  const ready = async (): Promise<number> =>
    (await fetch(`http://127.0.0.1:${String(two.ports.api)}/readyz`)).status;
  const moved = await device(1, 'moved');
  await moved.client.subscribeAsync('moved/#', { qos: 1 });
  expect((await two.cli(['drain'])).code).toBe(0);
  await expect.poll(() => moved.closed).toEqual([0x9c]);
  expect(await ready()).toBe(503);
  await expect(device(1, 'moved')).rejects.toThrow();
  const there = await device(0, 'moved');
  expect(there.present).toBe(true);
  expect((await two.cli(['drain', '--undo'])).code).toBe(0);
  expect(await ready()).toBe(200);
  expect((await device(1, 'moved')).present).toBe(true);
});

test(
  'a node that is killed loses nothing: its sessions go on at another, and its wills come once',
  async () => {
    const watcher = await device(0, 'watcher');
    await watcher.client.subscribeAsync('wills/#', { qos: 2 });
    const reader = await device(2, 'reader');
    await reader.client.subscribeAsync('news/#', { qos: 1 });
    await reader.client.endAsync();
    await device(2, 'dying', {
      will: { topic: 'wills/dying', payload: Buffer.from('gone'), qos: 2, retain: false },
    });
    const writer = await device(1, 'news-writer');
    await writer.client.publishAsync('news/1', 'before', { qos: 1 });
    await cluster.nodes[2]?.kill('SIGKILL');
    await writer.client.publishAsync('news/2', 'after', { qos: 1 });
    await expect.poll(() => watcher.got, { timeout: TAKEN_OVER_MS }).toEqual(['gone']);
    const back = await device(0, 'reader');
    expect(back.present).toBe(true);
    await expect.poll(() => back.got).toEqual(['before', 'after']);
    await writer.client.publishAsync('wills/end', 'end', { qos: 2 });
    await expect.poll(() => watcher.got).toEqual(['gone', 'end']);
  },
  TEST_MS,
);

test(
  'while PostgreSQL is away no node lets anybody in or acknowledges what it cannot keep; when it is back all is there',
  async () => {
    const reader = await device(0, 'outage-reader');
    await reader.client.subscribeAsync('outage/#', { qos: 1 });
    const writer = await device(1, 'outage-writer');
    await writer.client.publishAsync('outage/1', 'before', { qos: 1 });
    await expect.poll(() => reader.got).toEqual(['before']);
    await cluster.database.crash();
    let isAcknowledged = false;
    writer.client.publish('outage/2', 'during', { qos: 1 }, (error) => {
      isAcknowledged = !(error instanceof Error);
    });
    await expect.poll(() => reader.closed, { timeout: TAKEN_OVER_MS }).toEqual([0x89]);
    await expect.poll(() => writer.closed, { timeout: TAKEN_OVER_MS }).toEqual([0x89]);
    expect(isAcknowledged).toBe(false);
    await expect(device(0, 'newcomer', { connectTimeout: 2_000 })).rejects.toThrow();
    await cluster.database.recover();
    const come = (node: number, clientId: string): Promise<Device> =>
      until(`${clientId} is let in`, () => device(node, clientId).catch(() => undefined));
    const back = await come(1, 'outage-reader');
    expect(back.present).toBe(true);
    const other = await come(0, 'outage-other');
    await other.client.publishAsync('outage/3', 'after', { qos: 1 });
    await expect.poll(() => back.got.at(-1)).toBe('after');
  },
  TEST_MS,
);
