import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { message } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

const CREDENTIALS = [
  { username: 'root', password: 'secret', superuser: true },
  { username: 'plain', password: 'secret' },
  {
    username: 'reader',
    password: 'secret',
    rules: [{ permission: 'allow', action: 'subscribe', topic: '$SYS/#' }],
  },
] as const;

let clock: FakeClock;
let running: TestBroker;

beforeEach(async () => {
  clock = new FakeClock();
  running = await startBroker({ clock, credentials: CREDENTIALS, anonymous: 'deny', version: 'test 1' });
});
afterEach(() => running.broker.stop());

const login = (username: string) =>
  RawClient.connect(running.port, {
    clientId: username,
    username,
    password: Buffer.from('secret'),
    keepalive: 0,
  });

async function read(client: RawClient, filter = '$SYS/#'): Promise<Record<string, string>> {
  await client.subscribe(filter);
  const packets = await client.drain();
  return Object.fromEntries(
    packets.flatMap((packet) =>
      packet.cmd === 'publish' ? [[packet.topic.replace('$SYS/broker/', ''), packet.payload.toString()]] : [],
    ),
  );
}

test('superusers and those whose rules say so read the figures that mosquitto names', async () => {
  const values = await read(await login('root'));
  expect(values).toMatchObject({
    version: 'test 1',
    uptime: '0 seconds',
    'clients/total': '0',
    'clients/connected': '0',
    'messages/received': '0',
    'retained messages/count': '0',
    'subscriptions/count': '0',
    'load/messages/received/1min': '0.00',
  });
  expect(await read(await login('reader'))).toMatchObject({ version: 'test 1' });
});

test('others do not, and no wildcard of the first level brings them', async () => {
  expect(await read(await login('plain'))).toEqual({});
  expect(await read(await login('root'), '#')).toEqual({});
});

test('the figures follow every ten seconds', async () => {
  const root = await login('root');
  await root.subscribe('$SYS/broker/clients/connected');
  await root.drain();
  await login('plain');
  clock.advance(10_000);
  expect(await root.next()).toMatchObject({
    topic: '$SYS/broker/clients/connected',
    payload: Buffer.from('2'),
    retain: false,
  });
});

test('nobody publishes in the name of the server', async () => {
  const root = await login('root');
  await root.subscribe('$SYS/broker/version');
  await root.drain();
  root.send(message({ topic: '$SYS/broker/version', payload: 'forged', retain: true }));
  expect(await root.drain()).toEqual([]);
  expect(running.broker.stats().denied).toBe(1);
});

test('what the server says about itself is none of the retained messages that are counted', () => {
  expect(running.broker.stats().retained).toBe(0);
});

/** What mosquitto 2.0.11 publishes under `$SYS/broker/`, loads apart. */
const NAMES = [
  ...['version', 'uptime', 'bytes/received', 'bytes/sent', 'heap/current', 'heap/maximum'],
  ...['total', 'active', 'connected', 'inactive', 'disconnected', 'expired', 'maximum'].map(clients),
  ...['messages/received', 'messages/sent', 'messages/stored', 'retained messages/count'],
  ...['store/messages/count', 'store/messages/bytes', 'subscriptions/count', 'shared_subscriptions/count'],
  ...['publish/messages/received', 'publish/messages/sent', 'publish/messages/dropped'],
  ...['publish/bytes/received', 'publish/bytes/sent'],
];
/** What it averages over one, five and fifteen minutes. */
const LOADS = [
  ...['messages/received', 'messages/sent', 'publish/received', 'publish/sent', 'publish/dropped'],
  ...['bytes/received', 'bytes/sent', 'sockets', 'connections'],
];

function clients(name: string): string {
  return `clients/${name}`;
}

test('no name that mosquitto 2.0 publishes is missing, and there is no other', async () => {
  const loads = LOADS.flatMap((name) => [1, 5, 15].map((minutes) => `load/${name}/${minutes}min`));
  expect(Object.keys(await read(await login('root'))).sort()).toEqual([...NAMES, ...loads].sort());
});

test('messages are packets of every type; publish counts PUBLISH and the bytes of its payload alone', async () => {
  const root = await login('root');
  await root.subscribe('a', 1);
  root.send(message({ topic: 'a', payload: 'hello', qos: 1, messageId: 7 }));
  expect([(await root.next()).cmd, (await root.next()).cmd].sort()).toEqual(['puback', 'publish']);
  clock.advance(10_000);
  const values = await read(root);
  expect(values).toMatchObject({
    // CONNECT, SUBSCRIBE, PUBLISH; and CONNACK, SUBACK, PUBLISH, PUBACK.
    'messages/received': '3',
    'messages/sent': '4',
    'publish/messages/received': '1',
    'publish/messages/sent': '1',
    'publish/bytes/received': '5',
    'publish/bytes/sent': '5',
  });
  expect(Number(values['load/sockets/1min'])).toBeGreaterThan(0);
});

test('the most clients that were connected at a time are told, however short their time was', async () => {
  const root = await login('root');
  const plain = await login('plain');
  await plain.drop();
  await expect.poll(() => running.broker.stats().sessions.online).toBe(1);
  clock.advance(10_000);
  expect(await read(root)).toMatchObject({
    'clients/maximum': '2',
    'clients/connected': '1',
    'clients/active': '1',
  });
});

test('a session that nobody came back for in time is told as expired', async () => {
  const root = await login('root');
  const kept = await RawClient.connect(running.port, {
    clientId: 'kept',
    username: 'plain',
    password: Buffer.from('secret'),
    protocolVersion: 5,
    properties: { sessionExpiryInterval: 15 },
  });
  await kept.drop();
  await expect.poll(() => running.broker.stats().sessions.online).toBe(1);
  clock.advance(10_000);
  expect(await read(root)).toMatchObject({ 'clients/inactive': '1', 'clients/expired': '0' });
  clock.advance(10_000);
  expect(await read(root)).toMatchObject({ 'clients/inactive': '0', 'clients/expired': '1' });
});

test('shared subscriptions are counted apart from the others, and memory has a highest mark', async () => {
  const root = await login('root');
  await root.subscribe('$share/g/a');
  await root.subscribe('b');
  clock.advance(10_000);
  const values = await read(root);
  expect(values).toMatchObject({ 'shared_subscriptions/count': '1', 'subscriptions/count': '1' });
  expect(Number(values['heap/maximum'])).toBeGreaterThanOrEqual(Number(values['heap/current']));
  expect(Number(values['heap/current'])).toBeGreaterThan(0);
});

test('stored messages are the retained ones too, and the load of connections is that of CONNECT packets, refused ones as well', async () => {
  const root = await login('root');
  root.send(message({ topic: 'kept', payload: 'x', qos: 1, retain: true, messageId: 7 }));
  expect((await root.next()).cmd).toBe('puback');
  clock.advance(10_000);
  const before = await read(root);
  expect(before).toMatchObject({ 'messages/stored': '1', 'store/messages/count': '1' });
  const refused = await RawClient.open(running.port);
  refused.send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: 'x',
    clean: true,
    keepalive: 0,
  });
  expect(await refused.next()).toMatchObject({ cmd: 'connack', returnCode: 5 });
  clock.advance(10_000);
  const after = await read(root);
  expect(Number(after['load/connections/15min'])).toBeGreaterThan(Number(before['load/connections/15min']));
});
