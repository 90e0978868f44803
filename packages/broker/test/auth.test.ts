import { createServer, connect as connectSocket } from 'node:net';
import { once } from 'node:events';
import type { AclRule, Decision } from '@gatehouse/auth-core';
import type { IConnackPacket } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { VerificationTimes } from '../src/connection/verification-times.ts';
import { startBroker, testChain, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

let running: TestBroker | undefined;

async function start(options: TestBrokerOptions = {}): Promise<TestBroker> {
  running = await startBroker({ anonymous: 'deny', ...options });
  return running;
}

afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

const PUMP = { username: 'pump', password: 'right' };
const right = { username: 'pump', password: Buffer.from('right') };
const wrong = { username: 'pump', password: Buffer.from('wrong') };

/** Sends a CONNECT and returns the CONNACK. */
async function attempt(port: number, fields: Parameters<typeof connectPacket>[0]): Promise<IConnackPacket> {
  const client = await RawClient.open(port, fields?.protocolVersion ?? 4);
  client.send(connectPacket(fields));
  const answer = await client.next();
  if (answer.cmd !== 'connack') throw new Error(answer.cmd);
  return answer;
}

describe('a decision of the chain', () => {
  test.each([
    ['wrong password', wrong, 'BASIC_PASSWORD_MISMATCH', 4, 0x86],
    ['no password', { username: 'pump' }, 'BASIC_PASSWORD_MISSING', 4, 0x86],
    ['unknown user', { ...wrong, username: 'nobody' }, 'BASIC_NO_CREDENTIALS', 4, 0x86],
  ])('%s: recorded with its trace, told by the wire code alone', async (_what, fields, reason, v3, v5) => {
    const { port, sink, broker } = await start({ credentials: [PUMP] });
    expect(await attempt(port, fields)).toMatchObject({ returnCode: v3, sessionPresent: false });
    const refusal = await sink.refusal(1);
    expect(refusal).toMatchObject({
      reason,
      connackCode: v3,
      clientId: 'device-1',
      username: fields.username,
      passwordProvided: 'password' in fields,
      protocol: 4,
      cleanStart: true,
      keepAliveSeconds: 60,
    });
    expect(refusal.trace).toEqual([expect.objectContaining({ authenticator: 'builtin', reason })]);

    const told = await attempt(port, { ...fields, protocolVersion: 5 });
    const second = await sink.refusal(2);
    expect(told).toMatchObject({ reasonCode: v5 });
    expect(told.properties).toEqual({ reasonString: second.ref });
    expect(broker.stats().auth).toMatchObject({ refused: 2, refusedByReason: { [reason]: 2 }, accepted: 0 });
  });

  test('the attempt reference can be switched off', async () => {
    const { port } = await start({ attemptReference: false });
    const told = await attempt(port, { protocolVersion: 5 });
    expect(told.properties).toBeUndefined();
  });

  test('an admitted client is reported and counted', async () => {
    const grants: (string | undefined)[] = [];
    const { port, sink, broker } = await start({
      credentials: [PUMP],
      onAccepted: (_login, grant) => grants.push(grant.credentialId),
    });
    await RawClient.connect(port, right);
    expect(grants).toEqual(['credential-0']);
    expect(sink.logins).toEqual([
      expect.objectContaining({
        clientId: 'device-1',
        username: 'pump',
        credentialId: 'credential-0',
        ip: '127.0.0.1',
      }),
    ]);
    expect(broker.stats()).toMatchObject({
      auth: { accepted: 1, acceptedAnonymous: 0, authenticators: [{ name: 'builtin', allow: 1 }] },
      connections: { open: 1, mqtt: 1, halfOpen: 0, byListener: { tcp: 1, ws: 0 } },
    });
    expect(broker.sessionsOf(['credential-0', 'other'])).toEqual({ 'credential-0': 1 });
  });

  test('a clean leave is reported where the connection was of use: neither after nothing nor with the will', async () => {
    const { port, sink } = await start({ credentials: [PUMP] });
    const bye = async (clientId: string, isUseful: boolean, reasonCode: number) => {
      const client = await RawClient.connect(port, { ...right, clientId, protocolVersion: 5 });
      if (isUseful) await client.subscribe('a');
      client.send({ cmd: 'disconnect', reasonCode });
      await client.closed();
    };
    await bye('nothing', false, 0);
    await bye('with-will', true, 4);
    expect(sink.leaves).toEqual([]);
    await bye('useful', true, 0);
    expect(sink.leaves).toEqual(['useful']);
  });

  test('an empty client ID is recorded as empty, and assigned when it is admitted', async () => {
    const { port, sink } = await start({ credentials: [PUMP] });
    await attempt(port, { ...wrong, clientId: '' });
    expect(await sink.refusal()).toMatchObject({ clientId: '' });
    const admitted = await attempt(port, { ...right, clientId: '', protocolVersion: 5 });
    expect(admitted.properties?.assignedClientIdentifier).toMatch(/^auto-/);
  });

  test('SCRAM_DISABLED: enhanced authentication without a scram step', async () => {
    const { port, sink } = await start({ credentials: [PUMP] });
    const properties = {
      authenticationMethod: 'SCRAM-SHA-256',
      authenticationData: Buffer.from('n,,n=u,r=x'),
    };
    expect(await attempt(port, { protocolVersion: 5, properties })).toMatchObject({ reasonCode: 0x8c });
    expect(await sink.refusal()).toMatchObject({ reason: 'SCRAM_DISABLED' });
  });

  test('WILL_NOT_AUTHORIZED: a will the client may not publish', async () => {
    const rules = [{ permission: 'allow', action: 'all', topic: 'mine/#' }] as const;
    const { port, sink } = await start({ credentials: [{ ...PUMP, rules }] });
    const will = { topic: 'yours', payload: Buffer.from('x'), qos: 0 as const, retain: false };
    expect(await attempt(port, { ...right, will })).toMatchObject({ returnCode: 5 });
    expect(await sink.refusal()).toMatchObject({ reason: 'WILL_NOT_AUTHORIZED', detail: { topic: 'yours' } });
    await RawClient.connect(port, { ...right, will: { ...will, topic: 'mine/will' } });
  });
});

describe('a session belongs to its principal', () => {
  const other = { username: 'valve', password: 'secret' };
  const asOther = { username: 'valve', password: Buffer.from('secret') };

  test('SESSION_OWNED_BY_OTHER: another one is refused and the owner stays', async () => {
    const { port, sink } = await start({ credentials: [PUMP, other] });
    const owner = await RawClient.connect(port, right);
    expect(await attempt(port, asOther)).toMatchObject({ returnCode: 2 });
    expect(await sink.refusal()).toMatchObject({ reason: 'SESSION_OWNED_BY_OTHER', authenticator: 'policy' });
    expect(await owner.drain()).toEqual([]);
  });

  test('a credential that names the client ID evicts the squatter and inherits nothing', async () => {
    const named = { clientId: 'device-1', username: 'valve', password: 'secret' };
    const { port } = await start({ credentials: [PUMP, named] });
    const squatter = await RawClient.connect(port, { ...right, clean: false });
    await squatter.subscribe('a/#', 1);
    const rightful = await RawClient.connect(port, { ...asOther, clean: false });
    expect(rightful.sessionPresent).toBe(false);
    await squatter.closed();
    const publisher = await RawClient.connect(port, { ...right, clientId: 'p' });
    publisher.send({
      cmd: 'publish',
      topic: 'a/b',
      payload: 'x',
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    });
    await publisher.drain();
    expect(await rightful.drain()).toEqual([]);
  });

  test('release session lets the other one in', async () => {
    const { port, broker } = await start({ credentials: [PUMP, other] });
    const owner = await RawClient.connect(port, { ...right, protocolVersion: 5 });
    expect(broker.releaseSession('device-1')).toBe(true);
    expect(await owner.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x98 });
    await RawClient.connect(port, asOther);
    expect(broker.releaseSession('nobody')).toBe(false);
  });
});

describe('while the chain is thinking', () => {
  function pending() {
    const settle: ((decision: Decision) => void)[] = [];
    const chain = { decide: () => new Promise<Decision>((resolve) => settle.push(resolve)) };
    return { settle, chains: () => chain };
  }
  const busy: Decision = { outcome: 'busy', by: 'builtin', trace: [] };
  const denied: Decision = {
    outcome: 'deny',
    reason: 'BASIC_PASSWORD_MISMATCH',
    by: 'builtin',
    detail: {},
    trace: [],
  };

  test('busy is told as 0x89/3, counted, and never recorded', async () => {
    const { settle, chains } = pending();
    const { port, sink, broker } = await start({ chains });
    for (const [protocolVersion, answer] of [
      [4, { returnCode: 3 }],
      [5, { reasonCode: 0x89 }],
    ] as const) {
      const asked = attempt(port, { protocolVersion });
      await expect.poll(() => settle.length).toBe(1);
      settle.pop()?.(busy);
      expect(await asked).toMatchObject(answer);
    }
    expect(broker.stats().auth).toMatchObject({ busy: 2, refused: 0 });
    expect(sink.refusals).toEqual([]);
  });

  test('a chain that takes too long is "busy" too, and its late denial is not recorded', async () => {
    const clock = new FakeClock();
    const { settle, chains } = pending();
    const { port, sink } = await start({ chains, clock });
    const asked = attempt(port, {});
    await expect.poll(() => settle.length).toBe(1);
    clock.advance(10_000);
    expect(await asked).toMatchObject({ returnCode: 3 });
    settle.pop()?.(denied);
    await Promise.resolve();
    expect(sink.refusals).toEqual([]);
  });

  test('a client that goes away while it is denied is recorded all the same', async () => {
    const { settle, chains } = pending();
    const { port, sink, broker } = await start({ chains });
    const client = await RawClient.open(port);
    client.send(connectPacket());
    await expect.poll(() => settle.length).toBe(1);
    await client.drop();
    await expect.poll(() => broker.stats().connections.open).toBe(0);
    settle.pop()?.(denied);
    expect(await sink.refusal()).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH' });
  });

  test('packets sent ahead of CONNACK wait, bounded by the TCP window, and are handled in order', async () => {
    const { settle, chains } = pending();
    const allow = testChain([], 'allow', new FakeClock());
    const { port, broker } = await start({ chains });
    const client = await RawClient.open(port);
    client.send(connectPacket());
    const payload = Buffer.alloc(50_000);
    for (let messageId = 1; messageId <= 100; messageId += 1) {
      client.send({ cmd: 'publish', topic: 't', payload, qos: 1, messageId, dup: false, retain: false });
    }
    await expect.poll(() => settle.length).toBe(1);
    const granted = await allow.decide({
      ...({} as Parameters<typeof allow.decide>[0]),
      clientId: 'device-1',
    });
    expect(broker.stats().messages.bytesReceived).toBeLessThan(1_000_000);
    settle.pop()?.(granted);
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 });
    for (let messageId = 1; messageId <= 100; messageId += 1) {
      expect(await client.next()).toMatchObject({ cmd: 'puback', messageId });
    }
  });

  test('a chain that throws or is not there ends the attempt, not the broker', async () => {
    const { port, sink } = await start({
      chains: () => {
        throw new Error('no such chain');
      },
    });
    expect(await attempt(port, {})).toMatchObject({ returnCode: 3 });
    expect(sink.refusals).toEqual([]);
  });

  test('rules that cannot be read refuse, and are recorded as what they are', async () => {
    const unreadable: AclRule = {
      permission: 'allow',
      action: 'all',
      get topic(): string {
        throw new Error('cannot be read');
      },
    };
    const { port, sink, broker } = await start({ credentials: [{ ...PUMP, rules: [unreadable] }] });
    expect(await attempt(port, right)).toMatchObject({ cmd: 'connack' });
    expect(await sink.refusal()).toMatchObject({
      reason: 'AUTHENTICATOR_ERROR',
      detail: { problem: 'unreadable rules', credentialId: 'credential-0' },
    });
    expect(broker.stats().auth.busy).toBe(0);
  });
});

describe('the delay of refusals for unknown users', () => {
  const mismatch: Decision = {
    outcome: 'deny',
    reason: 'BASIC_PASSWORD_MISMATCH',
    by: 'b',
    detail: {},
    trace: [],
  };

  /** Numbers handed out one after the other. */
  const drawing = (...shares: number[]) => {
    return () => shares.shift() ?? 0;
  };

  test('is drawn from what verifying took lately, bounded, and none before anything was verified', () => {
    const times = new VerificationTimes(250, () => undefined);
    expect(times.delayFor('BASIC_NO_CREDENTIALS', 0, drawing(0.5, 0.5))).toBe(0);
    times.observe(mismatch, 40);
    times.observe(mismatch, 9_000);
    expect(times.delayFor('BASIC_NO_CREDENTIALS', 1, drawing(0, 0))).toBe(39);
    expect(times.delayFor('BASIC_NO_CREDENTIALS', 0, drawing(0, 0.99))).toBe(250);
    expect(times.delayFor('PROTOCOL_NOT_MQTT', 0, drawing(0, 0))).toBe(0);
  });

  test('is not learnt from what was remembered or light: such answers take as long as the slow ones', () => {
    const times = new VerificationTimes(250, () => undefined);
    times.observe(mismatch, 0.3);
    expect(times.delayFor('BASIC_NO_CREDENTIALS', 0, drawing())).toBe(0);
    times.observe(mismatch, 40);
    times.observe(mismatch, 0.3);
    for (const reason of [
      'BASIC_NO_CREDENTIALS',
      'BASIC_PASSWORD_MISMATCH',
      'TOO_MANY_FAILURES',
      'CREDENTIAL_DISABLED',
    ] as const) {
      expect(times.delayFor(reason, 0, drawing(0.99, 0.99)), reason).toBe(40);
    }
  });

  test('is distributed alike, whether a secret was verified or nobody of that name exists', () => {
    const times = new VerificationTimes(250, () => undefined);
    const samples = [20, 30, 40, 50];
    for (const ms of samples) times.observe(mismatch, ms);
    const shares = [0, 0.25, 0.5, 0.75];
    const known = samples.flatMap((spent) =>
      shares.map((share) => spent + times.delayFor('BASIC_PASSWORD_MISMATCH', spent, drawing(share))),
    );
    const unknown = shares.flatMap((one) =>
      shares.map((other) => times.delayFor('BASIC_NO_CREDENTIALS', 0, drawing(one, other))),
    );
    expect(known.sort()).toEqual(unknown.sort());
  });

  test('holds the CONNACK back by a timer', async () => {
    const clock = new FakeClock();
    const slow = testChain([PUMP], 'deny', clock, {
      peek: () => undefined,
      verify: () => {
        clock.advance(100);
        return { result: 'mismatch', cached: false };
      },
    });
    const { port, sink } = await start({ clock, chains: () => slow });
    await attempt(port, wrong);
    const client = await RawClient.open(port);
    client.send(connectPacket({ ...wrong, username: 'nobody' }));
    expect(await sink.refusal(2)).toMatchObject({ reason: 'BASIC_NO_CREDENTIALS' });
    expect(client.received).toHaveLength(0);
    clock.advance(100);
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 4 });
    expect(sink.refusals).toHaveLength(2);
  });
});

describe('starting and stopping', () => {
  test('a port in use is named, and what was open is closed again', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(start({ ws: { port } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining('listener ws') as string,
    });
    taken.close();
  });

  test('stop tells MQTT 5 clients, closes them and the ports', async () => {
    const { port, broker } = await start({ anonymous: 'allow' });
    const client = await RawClient.connect(port, { protocolVersion: 5 });
    running = undefined;
    await broker.stop();
    expect(await client.closed()).toEqual([expect.objectContaining({ cmd: 'disconnect', reasonCode: 0x8b })]);
    const [error] = (await once(connectSocket({ port, host: '127.0.0.1' }), 'error')) as [
      NodeJS.ErrnoException,
    ];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
