import type { Grant } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { startBroker, testChain, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { RawClient } from './support/raw-client.ts';

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

/** What the credential of `PUMP` gives with these rules. */
const grantOf = (rules: Grant['rules']): Grant => ({
  principal: { namespace: 'builtin', subject: 'pump' },
  superuser: false,
  rules,
  credentialId: 'credential-0',
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
});

const change = (disconnect: boolean) =>
  ({
    kind: 'credentials-changed',
    changes: [{ id: 'credential-0', username: 'pump', clientId: null, disconnect }],
  }) as const;
const v5 = { ...right, protocolVersion: 5 as const };

describe('changes reach open sessions', () => {
  test('a revoked credential closes its sessions with 0x87 and no others', async () => {
    const { port, broker } = await start({ credentials: [PUMP, { username: 'valve', password: 'right' }] });
    const client = await RawClient.connect(port, v5);
    const bystander = await RawClient.connect(port, { ...v5, username: 'valve', clientId: 'device-2' });
    broker.applyControlEvent(change(true));
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x87 });
    expect(await bystander.drain()).toEqual([]);
  });

  test.each(['credential-0', 'certificate-1'])(
    'a session of a require group ends with a change of any of its credentials: %s',
    async (id) => {
      const chain = testChain([PUMP], 'deny', systemClock);
      const asked: unknown[] = [];
      const { port, broker } = await start({
        chains: () => ({
          decide: async (attempt) => {
            const decision = await chain.decide(attempt);
            if (decision.outcome !== 'allow') return decision;
            return {
              ...decision,
              grant: { ...decision.grant, required: ['credential-0', 'certificate-1'] },
            };
          },
        }),
        regrant: (query) => {
          asked.push(query);
          return grantOf([{ permission: 'allow', action: 'all', topic: '#' }]);
        },
      });
      const client = await RawClient.connect(port, v5);
      broker.applyControlEvent({
        kind: 'credentials-changed',
        changes: [{ id: 'another', username: null, clientId: null, disconnect: true }],
      });
      expect(await client.drain()).toEqual([]);
      broker.applyControlEvent({
        kind: 'credentials-changed',
        changes: [{ id, username: null, clientId: null, disconnect: false }],
      });
      expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x98 });
      expect(asked).toEqual([]);
    },
  );

  test('changed rules are in force at once, for subscriptions and publishing', async () => {
    const rules = [
      { permission: 'deny', action: 'subscribe', topic: 'b/secret' },
      { permission: 'allow', action: 'subscribe', topic: 'b/#' },
    ] as const;
    const { port, broker } = await start({
      credentials: [PUMP],
      regrant: () => grantOf(rules),
    });
    const publisher = await RawClient.connect(port, { ...right, clientId: 'publisher' });
    const client = await RawClient.connect(port, right);
    await client.subscribe('a/#');
    await client.subscribe('b/#');
    broker.applyControlEvent(change(false));
    expect(broker.stats().subscriptions).toBe(1);
    publisher.send({ cmd: 'publish', topic: 'b/open', payload: 'x', qos: 0, dup: false, retain: false });
    await publisher.drain();
    expect(await client.drain()).toEqual([]);
  });

  test.each([
    ['gives nothing any more', () => Promise.resolve(undefined), 0x87],
    ['cannot be asked', () => Promise.reject(new Error('store away')), 0x98],
  ])('a credential that %s ends its session', async (_what, regrant, reasonCode) => {
    const { port, broker } = await start({ credentials: [PUMP], regrant });
    const client = await RawClient.connect(port, v5);
    broker.applyControlEvent(change(false));
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode });
  });

  test('without a way to read the rules again the client has to come back', async () => {
    const { port, broker } = await start({ credentials: [PUMP] });
    const client = await RawClient.connect(port, v5);
    broker.applyControlEvent(change(false));
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x98 });
  });

  test('a grant that expires ends its session', async () => {
    const clock = new FakeClock();
    const expiresAt = clock.now() + 3 * 86_400_000;
    const inner = testChain([], 'allow', clock);
    const decide = async (...asked: Parameters<typeof inner.decide>) => {
      const decision = await inner.decide(...asked);
      return decision.outcome === 'allow'
        ? { ...decision, grant: { ...decision.grant, expiresAt } }
        : decision;
    };
    const { port } = await start({
      clock,
      chains: () => ({ decide }),
      limits: { keepAliveSecondsMax: 1_000_000 },
    });
    const client = await RawClient.connect(port, { protocolVersion: 4, keepalive: 0 });
    clock.advance(3 * 86_400_000 - 1);
    expect(await client.drain()).toEqual([]);
    clock.advance(1);
    await client.closed();
  });

  test('a credential that is given an end ends its open session then', async () => {
    const clock = new FakeClock();
    const expiresAt = clock.now() + 60_000;
    const regrant = (): Grant => ({ ...grantOf([]), expiresAt });
    const { port, broker } = await start({ credentials: [PUMP], clock, regrant });
    const client = await RawClient.connect(port, v5);
    broker.applyControlEvent(change(false));
    clock.advance(59_999);
    expect(await client.drain()).toEqual([]);
    clock.advance(1);
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x87 });
  });
});

describe('trying', () => {
  test('gives decision and trace of a made-up attempt and records nothing', async () => {
    const { broker, sink } = await start({ credentials: [PUMP] });
    const request = {
      username: 'pump',
      clientId: '',
      ip: '192.0.2.1',
      listener: 'tcp',
      protocolVersion: 5,
    } as const;
    const refused = await broker.tryAttempt({ ...request, password: 'wrong' });
    expect(refused.decision).toMatchObject({ outcome: 'deny', reason: 'BASIC_PASSWORD_MISMATCH' });
    expect(refused.attempt).toMatchObject({ chain: 'default', clientIdAssigned: true, ip: '192.0.2.1' });
    const allowed = await broker.tryAttempt({ ...request, password: 'right' });
    expect(allowed.decision).toMatchObject({ outcome: 'allow' });
    expect(sink.refusals).toEqual([]);
    expect(broker.stats().auth).toMatchObject({ accepted: 0, refused: 0 });
  });
});

describe('a will and the rules of now', () => {
  const rules = [{ permission: 'allow', action: 'all', topic: '#' }] as const;
  const taken = [{ permission: 'allow', action: 'all', topic: 'own/#' }] as const;
  const seer = { username: 'seer', password: 'right', superuser: true };
  const will = (willDelayInterval: number) => ({
    topic: 'alarm',
    payload: Buffer.from('x'),
    properties: { willDelayInterval },
  });

  /** A broker, a witness of everything, and a client with a will; resolves with what the witness is given. */
  async function afterChange(
    disconnect: boolean,
    regrant: TestBrokerOptions['regrant'],
    when: 'online' | 'offline',
  ): Promise<readonly string[]> {
    const clock = new FakeClock();
    const { port, broker } = await start({
      credentials: [{ ...PUMP, rules }, seer],
      clock,
      ...(regrant === undefined ? {} : { regrant }),
    });
    const witness = await RawClient.connect(port, { ...right, username: 'seer', clientId: 'witness' });
    await witness.subscribe('#');
    const client = await RawClient.connect(port, {
      ...v5,
      properties: { sessionExpiryInterval: 60 },
      will: will(when === 'online' ? 0 : 10),
    });
    if (when === 'offline') await client.drop();
    if (when === 'offline') await expect.poll(() => broker.stats().sessions.online).toBe(1);
    broker.applyControlEvent(change(disconnect));
    if (when === 'online') await client.drop();
    await expect.poll(() => broker.stats().sessions.online).toBe(1);
    clock.advance(10_000);
    const seen = [...(await witness.drain()), ...(await witness.drain())];
    return seen.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []));
  }

  const answers = {
    'forbids it': () => grantOf(taken),
    'forbids it, said later': () => Promise.resolve(grantOf(taken)),
    'is gone': () => undefined,
    'cannot be read': () => Promise.reject(new Error('store away')),
    'is not asked': undefined,
  };
  const cases = Object.entries(answers).flatMap(([what, regrant]) =>
    (['online', 'offline'] as const).flatMap((when) =>
      [true, false].map((disconnect) => ({ what, regrant, when, disconnect })),
    ),
  );

  test.each(cases)('is not published: $when, disconnect $disconnect, the credential $what', async (one) => {
    expect(await afterChange(one.disconnect, one.regrant, one.when)).toEqual([]);
  });

  test.each(['online', 'offline'] as const)('is published where they still allow it: %s', async (when) => {
    expect(await afterChange(true, () => Promise.resolve(grantOf(rules)), when)).toEqual(['alarm']);
  });
});
