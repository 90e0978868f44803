import { describe, expect, test } from 'vitest';
import type { BasicCredential } from '../src/credential.ts';
import { createBuiltin } from '../src/methods/builtin.ts';
import { attemptOf, credentialOf, passwordOf } from '../src/testing/index.ts';
import { type World, HOUR_MS, MATCH, START, right, worldOf, wrong } from './support/builtin-world.ts';

describe('the grant', () => {
  test('belongs to the identity, whichever credential holds it', () => {
    const { check } = worldOf({ records: [credentialOf({ id: 'made again', superuser: true, rules: [] })] });
    expect(check(right)).toMatchObject({
      grant: {
        principal: { namespace: 'builtin', subject: 'pump-7' },
        superuser: true,
        rules: [],
        expiresAt: undefined,
        anonymous: false,
      },
    });
  });

  test('the device with the client ID “a” is somebody else than the user “a”', () => {
    const { check } = worldOf({ records: [credentialOf({ username: null, clientId: 'pump-7' })] });
    expect(check({ password: passwordOf('right') })).toMatchObject({
      grant: { principal: { namespace: 'builtin-clientid', subject: 'pump-7' } },
    });
  });

  test('comes from the most specific credential that verifies', () => {
    const records = [
      credentialOf({ id: 'client', username: null, clientId: 'pump-7' }),
      credentialOf({ id: 'user' }),
      credentialOf({ id: 'both', clientId: 'pump-7' }),
    ];
    const { check, verified } = worldOf({ records });
    expect(check(right)).toMatchObject({ grant: { credentialId: 'both' } });
    expect(verified).toHaveLength(1);
  });

  test.each([true, false])('asks for a better hash when the verifier says so: %s', (needsRehash) => {
    const { check } = worldOf({
      answers: { 'plain:right': { result: 'match', needsRehash, cached: false } },
    });
    expect(check(right)).toMatchObject({ grant: { rehash: needsRehash }, detail: { secret: 'current' } });
  });
});

describe('rotation', () => {
  const rotated = (validUntil: number): readonly BasicCredential[] => [
    credentialOf({ secretHash: 'plain:new', previousSecret: { hash: 'plain:right', validUntil } }),
  ];

  test('the previous secret is accepted until its time, and is not rehashed', () => {
    const records = rotated(START + HOUR_MS);
    const answers = { 'plain:right': { result: 'match', needsRehash: true, cached: false } } as const;
    const { check, clock } = worldOf({ records, answers });
    expect(check(right)).toMatchObject({
      outcome: 'allow',
      grant: { rehash: false },
      detail: { secret: 'previous' },
    });
    expect(check({ ...right, password: passwordOf('new') })).toMatchObject({ detail: { secret: 'current' } });
    clock.advance(HOUR_MS);
    expect(check(right)).toMatchObject({ outcome: 'deny', reason: 'BASIC_PASSWORD_MISMATCH' });
  });

  test('a password that is neither names the credential once', () => {
    const { check, probes } = worldOf({ records: rotated(START + HOUR_MS) });
    expect(check(wrong).outcome).toBe('deny');
    expect(probes.map((some) => some.map(({ credential }) => credential.id))).toEqual([['credential-1']]);
  });
});

describe('work, and the budget for it', () => {
  test('a cached login costs neither work nor a promise, and is admitted although the budget refuses', () => {
    const { check, verified, told } = worldOf({
      cached: { 'plain:right': MATCH },
      refused: { until: 0, failures: 99 },
    });
    expect(check(right).outcome).toBe('allow');
    expect(verified).toEqual([]);
    expect(told).toEqual([]);
  });

  test('a cached mismatch is free: it is no further guess, and is told as what it is', () => {
    const cached: World['cached'] = { 'plain:right': { result: 'mismatch', cached: true } };
    const { check, verified, told } = worldOf({ cached, refused: { until: 0, failures: 99 } });
    expect(check(wrong)).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH' });
    expect(verified).toEqual([]);
    expect(told).toEqual([]);
  });

  test('a mismatch that the verifier answers from its cache is no guess either', () => {
    const { check, told } = worldOf({ answers: { 'plain:right': { result: 'mismatch', cached: true } } });
    expect(check(wrong)).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH' });
    expect(told).toEqual(['released']);
  });

  test('over budget, nothing is verified and the refusal says until when', () => {
    const until = START + HOUR_MS;
    const { check, verified } = worldOf({ refused: { until, failures: 10 } });
    expect(check(right)).toMatchObject({
      outcome: 'deny',
      reason: 'TOO_MANY_FAILURES',
      detail: { until: new Date(until).toISOString(), failures: 10 },
    });
    expect(verified).toEqual([]);
  });

  test('over budget, a disabled credential whose secret the cache knows is told as disabled', () => {
    const off = credentialOf({ id: 'off', enabled: false, secretHash: 'plain:known', clientId: 'pump-7' });
    const world = {
      records: [off, credentialOf()],
      cached: { 'plain:known': MATCH },
      refused: { until: 0, failures: 10 },
    };
    expect(worldOf(world).check(right)).toMatchObject({ reason: 'CREDENTIAL_DISABLED' });
  });

  test('a full hash queue is busy, no refusal and no guess', () => {
    const { check, told } = worldOf({ answers: { 'plain:right': { result: 'busy' } } });
    expect(check(right)).toEqual({ outcome: 'busy' });
    expect(told).toEqual(['released']);
  });

  test('a good login tells the budget, a bad one once however many secrets it missed', () => {
    const records = [
      credentialOf(),
      credentialOf({ id: 'other', clientId: 'pump-7', secretHash: 'plain:other' }),
    ];
    const { check, told, verified } = worldOf({ records });
    check(wrong);
    expect(verified).toEqual(['plain:other', 'plain:right']);
    check(right);
    expect(told).toEqual(['failed', 'succeeded']);
  });

  test('a mismatch hands its credentials and the password to the hook, once', () => {
    const { check, probes } = worldOf();
    check(wrong);
    expect(probes).toEqual([[{ credential: credentialOf(), password: wrong.password }]]);
  });

  test('without a hook a mismatch is still refused', () => {
    const { authenticator: _, ...rest } = worldOf();
    const bare = createBuiltin({
      name: 'bare',
      strategy: 'both',
      clock: rest.clock,
      source: { find: () => [credentialOf()] },
      verifier: { peek: () => undefined, verify: () => ({ result: 'mismatch', cached: false }) },
      budget: {
        admit: () => ({ result: 'ok' }),
        failed: () => undefined,
        succeeded: () => undefined,
        released: () => undefined,
      },
    });
    expect(bare.check(attemptOf(wrong))).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH' });
  });
});

describe('an asynchronous source and verifier', () => {
  test.each([
    ['right', right, { outcome: 'allow' }],
    ['wrong', wrong, { outcome: 'deny', reason: 'BASIC_PASSWORD_MISMATCH' }],
  ])('a %s password is decided as it is synchronously', async (_, sent, expected) => {
    const { authenticator } = worldOf({ asynchronous: true });
    const verdict = authenticator.check(attemptOf(sent));
    expect(verdict).toBeInstanceOf(Promise);
    expect(await verdict).toMatchObject(expected);
  });
});
