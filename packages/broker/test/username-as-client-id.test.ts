import { afterEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

const PUMP = { username: 'pump', password: 'right' };
const right = { username: 'pump', password: Buffer.from('right') };

let running: TestBroker | undefined;
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

async function start(limits: Parameters<typeof startBroker>[0] = {}): Promise<TestBroker> {
  running = await startBroker({
    anonymous: 'deny',
    credentials: [PUMP],
    tcp: { usernameAsClientId: true },
    ...limits,
  });
  return running;
}

async function connect(port: number, fields: Parameters<typeof connectPacket>[0]) {
  const client = await RawClient.open(port, fields?.protocolVersion ?? 4);
  client.send(connectPacket(fields));
  return { client, answer: await client.next() };
}

describe('a listener that takes the username as client ID', () => {
  test('names the session by it, whatever CONNECT says', async () => {
    const { port, sink } = await start();
    const { answer } = await connect(port, { ...right, clientId: 'device-1' });
    expect(answer).toMatchObject({ cmd: 'connack', returnCode: 0 });
    expect(sink.logins).toMatchObject([{ clientId: 'pump', username: 'pump' }]);
  });

  test('two devices under one username take the session from each other', async () => {
    const { port } = await start();
    const first = await connect(port, { ...right, clientId: 'device-1', protocolVersion: 5 });
    await connect(port, { ...right, clientId: 'device-2', protocolVersion: 5 });
    expect(await first.client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8e });
  });

  test('an MQTT 5 client that sent no client ID is told which it has', async () => {
    const { port } = await start();
    const { answer } = await connect(port, { ...right, clientId: '', protocolVersion: 5 });
    expect(answer).toMatchObject({ properties: { assignedClientIdentifier: 'pump' } });
  });

  test.each([
    ['none', undefined],
    ['an empty one', ''],
  ])('refuses a client with no username to take: %s', async (_what, username) => {
    const { port, sink } = await start({ anonymous: 'allow' });
    const named = username === undefined ? {} : { username };
    expect((await connect(port, named)).answer).toMatchObject({ returnCode: 2 });
    expect((await connect(port, { ...named, protocolVersion: 5 })).answer).toMatchObject({
      reasonCode: 0x85,
    });
    expect(await sink.refusal(2)).toMatchObject({
      reason: 'PROTOCOL_CLIENT_ID_REJECTED',
      detail: { what: 'username-empty' },
      clientId: '',
    });
  });

  test('refuses a username that is longer than a client ID may be', async () => {
    const { port, sink } = await start({ limits: { clientIdBytesMax: 12 } });
    const { answer } = await connect(port, { username: 'ü'.repeat(7) });
    expect(answer).toMatchObject({ returnCode: 2 });
    expect(await sink.refusal(1)).toMatchObject({ detail: { what: 'client-id-too-long' } });
  });

  test('the tester names and refuses likewise', async () => {
    const { broker } = await start();
    const request = { listener: 'tcp', ip: '127.0.0.1', protocolVersion: 4, clientId: 'device-1' } as const;
    const known = await broker.tryAttempt({ ...request, username: 'pump', password: 'right' });
    expect(known).toMatchObject({ attempt: { clientId: 'pump' }, decision: { outcome: 'allow' } });
    const unnamed = await broker.tryAttempt({ ...request, username: undefined, password: undefined });
    expect(unnamed.decision).toMatchObject({ outcome: 'deny', reason: 'PROTOCOL_CLIENT_ID_REJECTED' });
  });
});
