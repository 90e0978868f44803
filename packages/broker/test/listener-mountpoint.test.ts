import { afterEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';
import { message } from './support/messages.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

const right = { username: 'pump', password: Buffer.from('right') };

let running: TestBroker | undefined;
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

async function start(mountpoint: string): Promise<TestBroker> {
  running = await startBroker({
    anonymous: 'allow',
    credentials: [{ username: 'pump', password: 'right' }],
    tcp: { mountpoint },
  });
  return running;
}

describe('a listener with a mountpoint', () => {
  test('puts its clients’ topics there, their names filled in', async () => {
    const { port, broker } = await start('plant/%u/%c/');
    const client = await RawClient.connect(port, { ...right, clientId: 'p-1' });
    client.send(message({ topic: 'state', payload: 'on', qos: 1, messageId: 9, retain: true }));
    expect(await client.next()).toMatchObject({ cmd: 'puback' });
    expect((await broker.inspection.getRetained('plant/pump/p-1/state'))?.topic).toBe('plant/pump/p-1/state');
    expect(await broker.inspection.getClient('p-1')).toMatchObject({ mountpoint: 'plant/pump/p-1/' });
  });

  test.each([
    ['one that would reach further', { ...right, clientId: 'p/1' }],
    ['one that is not there', { clientId: 'p-1' }],
  ])('refuses a client whose name does not fit a level: %s', async (_what, fields) => {
    const { port, sink } = await start('plant/%u/%c/');
    const client = await RawClient.open(port, 4);
    client.send(connectPacket(fields));
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 2 });
    expect(await sink.refusal()).toMatchObject({
      reason: 'PROTOCOL_CLIENT_ID_REJECTED',
      detail: { what: 'not-mountable' },
      authenticator: 'policy',
    });
  });

  test('never puts a token into a topic', async () => {
    const { port, sink } = await start('plant/%u/');
    const token = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`;
    const client = await RawClient.open(port, 4);
    client.send(connectPacket({ username: token, clientId: 'p-1' }));
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 2 });
    expect(JSON.stringify((await sink.refusal()).detail)).not.toContain('eyJ');
  });

  test('is told by the tester too', async () => {
    const { broker } = await start('plant/%c/');
    const request = {
      listener: 'tcp',
      ip: '127.0.0.1',
      protocolVersion: 4,
      ...right,
      password: 'right',
    } as const;
    const fits = await broker.tryAttempt({ ...request, clientId: 'p-1' });
    expect(fits.decision).toMatchObject({ outcome: 'allow', grant: { mountpoint: 'plant/p-1/' } });
    const reaching = await broker.tryAttempt({ ...request, clientId: 'p/1' });
    expect(reaching.decision).toMatchObject({ outcome: 'deny', reason: 'PROTOCOL_CLIENT_ID_REJECTED' });
  });
});
