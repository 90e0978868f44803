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
