import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientSession, Scan, ScanRequest, ScanResult } from '@gatehouse/ports';
import { INSPECT_BOUNDS } from '../src/inspect/bounds.ts';
import { startBroker, type TestBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { JournalDisk } from './support/journal-disk.ts';
import { RawClient } from './support/raw-client.ts';

let running: TestBroker;
const clock = new FakeClock();

beforeEach(async () => {
  running = await startBroker({
    clock,
    credentials: [{ id: 'c-1', username: 'pump', password: 'x', superuser: true }],
  });
});
afterEach(() => running.broker.stop());

const ask = () => running.broker.inspection;
const ASCENDING: ScanRequest = { limit: 2, direction: 'asc' };

function found<T>(result: ScanResult<T>): Scan<T> {
  if (result === 'busy') throw new Error('busy');
  return result;
}

const ids = ({ items }: Scan<ClientSession>): string[] => items.map(({ clientId }) => clientId);

const connect = (clientId: string, more = {}) => RawClient.connect(running.port, { clientId, ...more });

const publish = (topic: string, payload = 'on', retain = true) =>
  ask().publishMessage({ topic, payload: Buffer.from(payload), qos: 1, retain, properties: {} });

describe('sessions', () => {
  test('come in pages by client ID, whatever the order in which they came', async () => {
    for (const clientId of ['d', 'a', 'e', 'c', 'b']) await connect(clientId);
    const first = found(await ask().listClients({}, ASCENDING));
    expect([ids(first), first.prev, first.total, first.complete]).toEqual([['a', 'b'], null, 5, true]);
    const after = { side: 'after', key: first.next ?? '' } as const;
    const second = found(await ask().listClients({}, { ...ASCENDING, edge: after }));
    expect([ids(second), second.prev, second.next]).toEqual([['c', 'd'], 'c', 'd']);
    const before = { side: 'before', key: second.prev ?? '' } as const;
    const back = found(await ask().listClients({}, { ...ASCENDING, edge: before }));
    expect([ids(back), back.prev, back.next]).toEqual([['a', 'b'], null, 'b']);
    const descending = found(await ask().listClients({}, { limit: 3, direction: 'desc' }));
    expect([ids(descending), descending.next]).toEqual([['e', 'd', 'c'], 'c']);
  });

  test('come by what they hold, pages and all; those that are alike by client ID', async () => {
    for (const [index, clientId] of ['d', 'a', 'c', 'b'].entries()) {
      const client = await connect(clientId);
      for (let filter = 0; filter < Math.min(index, 2); filter += 1) await client.subscribe(`f/${filter}`, 0);
    }
    const most = { limit: 2, direction: 'desc', order: 'subscriptions' } as const;
    const first = found(await ask().listClients({}, most));
    expect([ids(first), first.prev]).toEqual([['c', 'b'], null]);
    const edge = { side: 'after', key: first.next ?? '' } as const;
    const second = found(await ask().listClients({}, { ...most, edge }));
    expect([ids(second), second.next]).toEqual([['a', 'd'], null]);
  });

  test('are found by their network', async () => {
    await connect('a');
    const from = async (ip: string) => ids(found(await ask().listClients({ ip }, ASCENDING)));
    expect(await from('127.0.0.0/8')).toEqual(['a']);
    expect(await from('127.0.0.1')).toEqual(['a']);
    expect(await from('10.0.0.0/8')).toEqual([]);
  });

  test('tell how they are connected, and once they are not, how they were', async () => {
    const client = await connect('Pump-7', { username: 'pump', password: Buffer.from('x'), clean: false });
    await client.subscribe('a/#', 1);
    const session = await ask().getClient('Pump-7');
    expect(session).toMatchObject({
      node: 'test',
      username: 'pump',
      credentialId: 'c-1',
      superuser: true,
      online: true,
      subscriptions: 1,
      connection: { listener: 'tcp', ip: '127.0.0.1', tls: false, tlsVersion: null, protocol: 4 },
      disconnectedAt: null,
    });
    client.send({ cmd: 'disconnect' });
    await client.closed();
    await publish('a/b', 'for later', false);
    expect(await ask().getClient('Pump-7')).toMatchObject({
      online: false,
      disconnectedAt: clock.now(),
      queued: 1,
      connection: { ip: '127.0.0.1' },
    });
  });

  test('never tell a token that came as a username', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'HS256', kid: 'k1' })}.${part({ sub: 'pump-7' })}.c2lnbmF0dXJl`;
    await connect('Pump-7', { username: token });
    const session = await ask().getClient('Pump-7');
    expect(session?.username).toBe('jwt:pump-7/k1');
    expect(JSON.stringify(session)).not.toContain(token);
    expect(running.sink.logins.map(({ username }) => username)).toEqual(['jwt:pump-7/k1']);
  });

  test('are found by search, identity, listener, protocol and state', async () => {
    await connect('Pump-7', { username: 'pump', password: Buffer.from('x') });
    await connect('lamp', { protocolVersion: 5 });
    const one = async (filter: Parameters<ReturnType<typeof ask>['listClients']>[0]) =>
      ids(found(await ask().listClients(filter, ASCENDING)));
    expect(await one({ search: 'PUMP' })).toEqual(['Pump-7']);
    expect(await one({ username: { op: 'eq', value: 'pump' } })).toEqual(['Pump-7']);
    expect(await one({ credentialId: 'c-1' })).toEqual(['Pump-7']);
    expect(await one({ clientId: { op: 'eq', value: 'lamp' } })).toEqual(['lamp']);
    expect(await one({ protocol: 5 })).toEqual(['lamp']);
    expect(await one({ listener: 'ws' })).toEqual([]);
    expect(await one({ online: false })).toEqual([]);
  });

  test('are disconnected with their session kept, or ended with all it holds', async () => {
    const client = await connect('c', { protocolVersion: 5, properties: { sessionExpiryInterval: 60 } });
    await client.subscribe('a', 1);
    expect(await ask().disconnectClients(['c', 'nobody'], false)).toBe(1);
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x98 });
    expect(await ask().getClient('c')).toMatchObject({ online: false, subscriptions: 1 });
    expect(await ask().disconnectClients(['c'], true)).toBe(1);
    expect(await ask().getClient('c')).toBeNull();
    expect(running.broker.stats().subscriptions).toBe(0);
  });
});

describe('subscriptions', () => {
  test('are found by client, by filter, and by a topic that they would get', async () => {
    const client = await connect('c');
    await client.subscribe('a/+', 1);
    await client.subscribe('$share/g/a/b', 1);
    await (await connect('d')).subscribe('b', 0);
    const list = async (filter: Parameters<ReturnType<typeof ask>['listSubscriptions']>[0]) =>
      found(await ask().listSubscriptions(filter, { limit: 10, direction: 'asc' })).items.map(
        (one) => `${one.clientId} ${one.filter}`,
      );
    expect(await list({})).toEqual(['c $share/g/a/b', 'c a/+', 'd b']);
    expect(await list({ topic: 'a/b' })).toEqual(['c $share/g/a/b', 'c a/+']);
    expect(await list({ shared: true })).toEqual(['c $share/g/a/b']);
    expect(await list({ clientId: { op: 'eq', value: 'd' } })).toEqual(['d b']);
    expect(await list({ filter: { op: 'contains', value: 'a/+' } })).toEqual(['c a/+']);
  });

  test('are found by QoS, and come by topic filter or QoS, pages and all', async () => {
    const first = await connect('c');
    await first.subscribe('z', 2);
    await first.subscribe('a', 1);
    await (await connect('d')).subscribe('a', 0);
    await (await connect('b')).subscribe('m', 1);
    const list = async (
      filter: Parameters<ReturnType<typeof ask>['listSubscriptions']>[0],
      request: Partial<Parameters<ReturnType<typeof ask>['listSubscriptions']>[1]>,
    ) => {
      const page = found(await ask().listSubscriptions(filter, { limit: 10, direction: 'asc', ...request }));
      return { ...page, items: page.items.map((one) => `${one.filter} ${one.clientId} ${one.qos}`) };
    };
    expect((await list({ qos: 1 }, {})).items).toEqual(['m b 1', 'a c 1']);
    expect((await list({ qos: 0 }, {})).items).toEqual(['a d 0']);
    const order = 'topicFilter';
    expect((await list({}, { order })).items).toEqual(['a c 1', 'a d 0', 'm b 1', 'z c 2']);
    const highest = { order: 'qos', direction: 'desc', limit: 2 } as const;
    const page = await list({}, highest);
    expect(page.items).toEqual(['z c 2', 'a c 1']);
    const edge = { side: 'after', key: page.next ?? '' } as const;
    expect((await list({}, { ...highest, edge })).items).toEqual(['m b 1', 'a d 0']);
  });

  test('that are removed get nothing any more', async () => {
    const client = await connect('c');
    await client.subscribe('a', 1);
    expect(await ask().removeSubscription('c', 'a')).toBe(true);
    expect(await ask().removeSubscription('c', 'a')).toBe(false);
    await publish('a', 'x', false);
    expect(await client.drain()).toEqual([]);
  });
});

describe('retained messages', () => {
  test('come by size, QoS or the time at which they were retained, those that are alike by topic', async () => {
    const retain = (topic: string, size: number, qos: 0 | 1 | 2) =>
      ask().publishMessage({ topic, payload: Buffer.alloc(size, 'x'), qos, retain: true, properties: {} });
    const topics = async (order: 'size' | 'qos' | 'updatedAt', direction: 'asc' | 'desc' = 'asc') =>
      found(await ask().listRetained('#', { limit: 10, direction, order })).items.map(({ topic }) => topic);
    await retain('b', 200, 1);
    clock.advance(1_000);
    await retain('a', 30, 1);
    clock.advance(1_000);
    await retain('c', 1_000, 0);
    clock.advance(1_000);
    await retain('b', 200, 1);
    expect(await topics('size')).toEqual(['a', 'b', 'c']);
    expect(await topics('size', 'desc')).toEqual(['c', 'b', 'a']);
    expect(await topics('qos')).toEqual(['c', 'a', 'b']);
    expect(await topics('updatedAt')).toEqual(['a', 'c', 'b']);
    expect(await ask().getRetained('b')).toMatchObject({ updatedAt: clock.now() });
  });

  test('come by topic, with the first bytes of what they say', async () => {
    for (const topic of ['b', 'a/2', 'a/1']) await publish(topic, 'x'.repeat(1_000));
    const { items, total } = found(await ask().listRetained('a/#', ASCENDING));
    expect(items.map(({ topic }) => topic)).toEqual(['a/1', 'a/2']);
    expect(total).toBe(2);
    expect([items[0]?.payloadBytes, items[0]?.preview.length]).toEqual([
      1_000,
      INSPECT_BOUNDS.previewBytesMax,
    ]);
  });

  test('are shown with their properties, in order', async () => {
    const properties = {
      payloadIsText: true,
      contentType: 'text/plain',
      responseTopic: 'answer',
      correlationData: Uint8Array.of(0, 255),
      expirySeconds: 60,
      userProperties: [
        ['b', '1'],
        ['a', 'ü'],
        ['b', '2'],
      ] as const,
    };
    await ask().publishMessage({ topic: 't', payload: Buffer.from('on'), qos: 0, retain: true, properties });
    const { expirySeconds, ...carried } = properties;
    expect(await ask().getRetained('t')).toMatchObject({
      publisher: '',
      expiresInSeconds: expirySeconds,
      payload: Uint8Array.from(Buffer.from('on')),
      properties: carried,
    });
  });

  test('are deleted by topic or by filter, and nobody is told', async () => {
    for (const topic of ['a/1', 'a/2', 'b']) await publish(topic);
    const client = await connect('c');
    await client.subscribe('#', 0);
    await client.drain();
    expect(await ask().deleteRetained({ kind: 'topic', topic: 'b' })).toEqual({ deleted: 1, complete: true });
    expect(await ask().deleteRetained({ kind: 'filter', filter: 'a/+' })).toMatchObject({ deleted: 2 });
    expect(running.broker.stats().retained).toBe(0);
    expect(await client.drain()).toEqual([]);
  });
});

describe('publishing as the server', () => {
  test('reaches subscribers and says how many', async () => {
    const client = await connect('c');
    await client.subscribe('a', 1);
    expect(await publish('a', 'hello', false)).toEqual({ outcome: 'published', receivers: 1 });
    expect(await client.next()).toMatchObject({ cmd: 'publish', topic: 'a', payload: Buffer.from('hello') });
  });

  test('refuses what no client could publish, and the topics of the server itself', async () => {
    const refused = async (topic: string, properties = {}) =>
      (await ask().publishMessage({ topic, payload: Buffer.of(), qos: 0, retain: false, properties }))
        .outcome;
    expect(await refused('a/#')).toBe('bad-topic');
    expect(await refused('$SYS/broker/version')).toBe('bad-topic');
    expect(await refused('a', { responseTopic: 'b/+' })).toBe('bad-message');
    const payload = Buffer.alloc(2_000_000);
    expect(
      await ask().publishMessage({ topic: 'a', payload, qos: 0, retain: false, properties: {} }),
    ).toMatchObject({ outcome: 'too-large' });
  });
});

test('questions beyond those that are answered at a time hear that it is busy', async () => {
  const questions = Array.from({ length: INSPECT_BOUNDS.scansAtOnceMax + 1 }, () =>
    ask().listClients({}, ASCENDING),
  );
  const answers = await Promise.all(questions);
  expect(answers.filter((answer) => answer === 'busy')).toHaveLength(1);
  expect(await ask().listClients({}, ASCENDING)).not.toBe('busy');
});

test('what was dropped is counted by why, and the limit that dropped it by its name', async () => {
  await running.broker.stop();
  running = await startBroker({ clock, limits: { queueMessagesMax: 1, retainedMax: 1 } });
  const client = await connect('c', { clean: false });
  await client.subscribe('a', 1);
  client.send({ cmd: 'disconnect' });
  await client.closed();
  await publish('a', 'first', false);
  await publish('a', 'second', false);
  await publish('kept');
  await publish('too many');
  const { messages, bounds } = running.broker.stats();
  expect(messages.droppedBy).toMatchObject({ queueFull: 1, retainedFull: 1 });
  expect(messages.dropped).toBe(2);
  expect(bounds).toEqual({ queueMessagesMax: 1, retainedMax: 1 });
  expect(await ask().getClient('c')).toMatchObject({ queued: 1, dropped: 1 });
});

test('what an operator did is told done once it is on the disk', async () => {
  await running.broker.stop();
  const disk = new JournalDisk();
  running = await startBroker({ clock, openJournal: disk.open });
  disk.lands = false;
  let done = false;
  const published = publish('kept').then(() => (done = true));
  await disk.flying();
  expect(done).toBe(false);
  disk.lands = true;
  disk.land();
  expect(await published).toBe(true);
});
