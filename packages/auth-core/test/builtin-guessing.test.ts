import { describe, expect, test } from 'vitest';
import type { BasicCredential } from '../src/credential.ts';
import { createGuessingBudget } from '../src/guessing/budget.ts';
import { createBuiltin } from '../src/methods/builtin.ts';
import { regrantBuiltin } from '../src/methods/builtin-regrant.ts';
import type { MaybePromise, Verification } from '../src/needs.ts';
import { attemptOf, credentialOf, manualClock, passwordOf } from '../src/testing/index.ts';

const device = credentialOf({ username: null, clientId: 'pump-7' });

/** The authenticator with the real budget, over these records. */
function guarded(
  records: readonly BasicCredential[],
  answer: (right: boolean) => MaybePromise<Verification> = (right) =>
    right ? { result: 'match', needsRehash: false, cached: false } : { result: 'mismatch', cached: false },
) {
  const clock = manualClock();
  const budget = createGuessingBudget({ clock, limits: { pairFailuresMax: 3 } });
  const authenticator = createBuiltin({
    name: 'builtin',
    strategy: 'both',
    clock,
    budget,
    source: { find: () => records },
    verifier: {
      peek: () => undefined,
      verify: ({ hash, password }) => answer(`plain:${new TextDecoder().decode(password.reveal())}` === hash),
    },
  });
  const guess = (username: string | undefined, password = 'wrong') =>
    authenticator.check(attemptOf({ username, password: passwordOf(password) }));
  return { budget, guess };
}

describe('guessing at a credential that names only a client ID', () => {
  test('is bounded although every try comes with a fresh username', () => {
    const { guess } = guarded([device]);
    for (let n = 0; n < 3; n += 1) {
      expect(guess(`fresh-${n}`)).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH' });
    }
    expect(guess('fresh-3')).toMatchObject({ reason: 'TOO_MANY_FAILURES' });
  });

  test('is over as soon as the client ID is forgiven, under whatever username the device comes', () => {
    const { budget, guess } = guarded([device]);
    for (let n = 0; n < 4; n += 1) void guess('left-over');
    expect(guess('left-over', 'right')).toMatchObject({ reason: 'TOO_MANY_FAILURES' });
    budget.forgive({ identities: [{ by: 'clientId', value: 'pump-7' }], ip: null });
    expect(guess('left-over', 'right')).toMatchObject({ outcome: 'allow' });
  });
});

describe('verifications at once', () => {
  test('are no way around the budget, and nobody is refused for them', async () => {
    let settle: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (settle = resolve));
    const { guess } = guarded([device], () =>
      held.then(() => ({ result: 'mismatch', cached: false }) satisfies Verification),
    );
    const verdicts = Array.from({ length: 10 }, async () => guess(undefined));
    settle();
    const outcomes = (await Promise.all(verdicts)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual([...Array<string>(3).fill('deny'), ...Array<string>(7).fill('busy')]);
  });

  test('a verifier that fails or is busy gives the guess back', async () => {
    const answers: MaybePromise<Verification>[] = [];
    for (let n = 0; n < 3; n += 1) {
      answers.push({ result: 'busy' }, Promise.reject(new Error('the worker died')));
    }
    const { guess } = guarded([device], () => answers.shift() ?? { result: 'mismatch', cached: false });
    for (let n = 0; n < 3; n += 1) {
      expect(await guess(undefined)).toEqual({ outcome: 'busy' });
      await expect(guess(undefined)).rejects.toThrow('the worker died');
    }
    expect(await guess(undefined)).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH' });
  });
});

describe('the grant of an open session', () => {
  const now = manualClock().now();
  const session = { credentialId: 'credential-1', username: 'pump-7', clientId: 'pump-7' };

  test('is what its credential gives today', () => {
    const rules = [{ permission: 'allow', action: 'publish', topic: 'today/#' }] as const;
    expect(regrantBuiltin([credentialOf({ rules, version: 9 })], session, now)).toMatchObject({
      rules,
      credentialId: 'credential-1',
      principal: { namespace: 'builtin', subject: 'pump-7' },
    });
  });

  test.each([
    ['deleted', []],
    ['disabled', [credentialOf({ enabled: false })]],
    ['expired', [credentialOf({ expiresAt: now })]],
    ['another by now', [credentialOf({ id: 'credential-2' })]],
    ['of another identity', [credentialOf({ username: 'valve-1' })]],
    ['without any proof', [credentialOf({ secretHash: null })]],
    ['unreadable', [{ id: 'credential-1', version: 2, unparsable: 'no JSON' }]],
  ])('is none when its credential is %s', (_, records) => {
    expect(regrantBuiltin(records, session, now)).toBeUndefined();
  });
});
