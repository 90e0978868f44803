import { describe, expect, test } from 'vitest';
import type { AnonymousPolicy } from '../src/anonymous.ts';
import type { Attempt } from '../src/attempt.ts';
import { createChain } from '../src/chain.ts';
import type { Authenticator, MaybePromise } from '../src/needs.ts';
import { DEFAULT_RULES } from '../src/acl/default-rules.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';
import type { ChainStep } from '../src/require.ts';
import type { Decision, Grant, TraceStep, Verdict } from '../src/verdict.ts';

const GRANT: Grant = {
  principal: { namespace: 'test', subject: 'pump-7' },
  superuser: false,
  rules: [],
  credentialId: 'credential-1',
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
};
const ALLOW: Verdict = { outcome: 'allow', grant: GRANT, detail: { credential: 'Pump 7' } };
const MISMATCH: Verdict = {
  outcome: 'deny',
  reason: 'BASIC_PASSWORD_MISMATCH',
  detail: { credential: 'Pump 7' },
};
const NOBODY: Verdict = {
  outcome: 'ignore',
  reason: 'BASIC_NO_CREDENTIALS',
  detail: { lookedUpBy: 'username' },
};
const ERROR: Verdict = { outcome: 'error', reason: 'SOURCE_UNREACHABLE' };

type Answer = MaybePromise<Verdict> | (() => MaybePromise<Verdict>);

/** A step that gives one answer and counts how often it was asked. */
function step(name: string, answer: Answer, policy: Partial<ChainStep> & { type?: string } = {}) {
  const asked: Attempt[] = [];
  const authenticator: Authenticator = {
    name,
    type: policy.type ?? 'builtin',
    check(attempt) {
      asked.push(attempt);
      return typeof answer === 'function' ? answer() : answer;
    },
  };
  return {
    authenticator,
    enabled: true,
    onError: 'deny',
    onMismatch: 'deny',
    timeoutMs: 1_000,
    ...policy,
    asked,
  } as const;
}

function chainOf(steps: readonly ChainStep[], anonymous: AnonymousPolicy = 'deny') {
  const clock = manualClock();
  const told: TraceStep[] = [];
  const onStep = (line: TraceStep) => void told.push(line);
  const chain = createChain({
    name: 'default',
    steps,
    anonymous: () => anonymous,
    clock,
    budgetMs: 3_000,
    onStep,
  });
  return { chain, clock, told };
}

/** Asserts that a decision came without a promise. */
function now(decision: MaybePromise<Decision>): Decision {
  if (decision instanceof Promise) throw new Error('expected an answer at once');
  return decision;
}

const named = attemptOf({ username: 'pump-7', password: passwordOf('right') });

describe('the fold', () => {
  test('the first allow ends the chain and later steps are not asked', () => {
    const later = step('second', MISMATCH);
    const { chain } = chainOf([step('first', ALLOW), later]);
    expect(now(chain.decide(named))).toMatchObject({ outcome: 'allow', by: 'first', grant: GRANT });
    expect(later.asked).toHaveLength(0);
  });

  test('the first deny ends the chain, with its reason and detail', () => {
    const later = step('second', ALLOW);
    const { chain } = chainOf([step('first', MISMATCH), later]);
    expect(now(chain.decide(named))).toMatchObject({
      outcome: 'deny',
      by: 'first',
      reason: 'BASIC_PASSWORD_MISMATCH',
      detail: { credential: 'Pump 7' },
    });
    expect(later.asked).toHaveLength(0);
  });

  test('a deny without detail gives an empty one', () => {
    const { chain } = chainOf([step('first', { outcome: 'deny', reason: 'HTTP_DENIED' })]);
    expect(now(chain.decide(named))).toMatchObject({ reason: 'HTTP_DENIED', detail: {} });
  });

  test('ignore passes the client on, and the order of the steps decides', () => {
    const verdicts = [step('a', NOBODY), step('b', ALLOW), step('c', MISMATCH)] as const;
    expect(now(chainOf(verdicts).chain.decide(named)).outcome).toBe('allow');
    expect(now(chainOf([...verdicts].reverse()).chain.decide(named)).outcome).toBe('deny');
  });

  test('a disabled step is not asked', () => {
    const off = step('off', MISMATCH, { enabled: false });
    expect(now(chainOf([off, step('on', ALLOW)]).chain.decide(named)).outcome).toBe('allow');
    expect(off.asked).toHaveLength(0);
  });

  test('busy ends the chain as busy, never as a refusal', () => {
    const later = step('second', ALLOW);
    const decision = now(chainOf([step('first', { outcome: 'busy' }), later]).chain.decide(named));
    expect(decision).toMatchObject({ outcome: 'busy', by: 'first' });
    expect(later.asked).toHaveLength(0);
  });

  test('synchronous steps before and after an asynchronous one are all asked in order', async () => {
    const steps = [step('a', NOBODY), step('b', () => Promise.resolve(NOBODY)), step('c', ALLOW)];
    const decision = await chainOf(steps).chain.decide(named);
    expect(decision).toMatchObject({ outcome: 'allow', by: 'c' });
    expect(decision.trace.map(({ outcome }) => outcome)).toEqual(['ignore', 'ignore', 'allow']);
  });
});

describe('errors', () => {
  test.each([
    ['deny', 'deny', 'SOURCE_UNREACHABLE', 'first'],
    ['ignore', 'allow', undefined, 'second'],
  ] as const)('on_error %s makes of an error: %s', (onError, outcome, reason, by) => {
    const { chain } = chainOf([step('first', ERROR, { onError }), step('second', ALLOW)]);
    const decision = now(chain.decide(named));
    expect(decision).toMatchObject({ outcome, by, ...(reason === undefined ? {} : { reason }) });
    expect(decision.trace[0]).toMatchObject({ outcome: 'error', detail: { treatedAs: onError } });
  });

  test('an error that is ignored by everybody admits nobody', () => {
    const { chain } = chainOf([step('first', ERROR, { onError: 'ignore' })]);
    expect(now(chain.decide(named))).toMatchObject({
      outcome: 'deny',
      reason: 'SOURCE_UNREACHABLE',
      by: 'policy',
      detail: {},
    });
  });

  test.each([
    ['an Error', new TypeError('password=hunter2'), 'TypeError'],
    ['something else', 'password=hunter2', 'string'],
  ])('%s that is thrown is refused and nothing of its text is kept', (_, thrown, error) => {
    const throwing = step('first', () => {
      AbortSignal.abort(thrown).throwIfAborted();
      return ALLOW;
    });
    const decision = now(chainOf([throwing]).chain.decide(named));
    expect(decision).toMatchObject({
      outcome: 'deny',
      reason: 'AUTHENTICATOR_ERROR',
      detail: { problem: 'exception', error },
    });
    expect(JSON.stringify(decision)).not.toContain('hunter2');
  });

  test('a rejected promise is refused and its timer is cancelled', async () => {
    const { chain, clock } = chainOf([step('first', () => Promise.reject(new RangeError('no')))]);
    const decision = await chain.decide(named);
    expect(decision).toMatchObject({ reason: 'AUTHENTICATOR_ERROR', detail: { error: 'RangeError' } });
    expect(clock.pending()).toBe(0);
  });

  test('an answer in time leaves no timer behind', async () => {
    const { chain, clock } = chainOf([step('first', () => Promise.resolve(ALLOW))]);
    expect((await chain.decide(named)).outcome).toBe('allow');
    expect(clock.pending()).toBe(0);
  });

  test('a step that answers too late is an error, and its late allow admits nobody', async () => {
    let answer: (verdict: Verdict) => void = () => undefined;
    const slow = step('slow', () => new Promise<Verdict>((resolve) => (answer = resolve)), {
      timeoutMs: 200,
    });
    const { chain, clock } = chainOf([slow]);
    const decision = chain.decide(named);
    clock.advance(200);
    answer(ALLOW);
    expect(await decision).toMatchObject({
      outcome: 'deny',
      reason: 'AUTHENTICATOR_ERROR',
      detail: { problem: 'no answer in time', timeoutMs: 200 },
      trace: [{ ms: 200 }],
    });
  });

  test('no step gets more time than the chain has left, and without time left nobody is asked', async () => {
    const never = () => new Promise<Verdict>(() => undefined);
    const first = step('first', never, { timeoutMs: 2_000, onError: 'ignore' });
    const second = step('second', never, { timeoutMs: 2_000, onError: 'ignore' });
    const third = step('third', ALLOW);
    const { chain, clock } = chainOf([first, second, third]);
    const decision = chain.decide(named);
    clock.advance(2_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(second.asked).toHaveLength(1);
    clock.advance(1_000);
    expect(await decision).toMatchObject({
      outcome: 'deny',
      reason: 'AUTHENTICATOR_ERROR',
      by: 'policy',
      detail: { problem: 'chain budget used up', budgetMs: 3_000 },
      trace: [{ ms: 2_000 }, { ms: 1_000 }, { outcome: 'not-asked' }],
    });
    expect(third.asked).toHaveLength(0);
  });
});

describe('on_mismatch', () => {
  test('ignore lets the next step try the secret', () => {
    const { chain } = chainOf([step('first', MISMATCH, { onMismatch: 'ignore' }), step('second', ALLOW)]);
    const decision = now(chain.decide(named));
    expect(decision).toMatchObject({ outcome: 'allow', by: 'second' });
    expect(decision.trace[0]).toMatchObject({
      outcome: 'deny',
      detail: { credential: 'Pump 7', treatedAs: 'ignore' },
    });
  });

  test('an ignored mismatch is still what a refusal shows', () => {
    const { chain } = chainOf([step('first', MISMATCH, { onMismatch: 'ignore' }), step('second', NOBODY)]);
    expect(now(chain.decide(named))).toMatchObject({ reason: 'BASIC_PASSWORD_MISMATCH', by: 'policy' });
  });

  test.each(['CREDENTIAL_DISABLED', 'TOO_MANY_FAILURES', 'HTTP_DENIED'] as const)(
    'ignore does not soften %s',
    (reason) => {
      const deny = step('first', { outcome: 'deny', reason }, { onMismatch: 'ignore' });
      expect(now(chainOf([deny, step('second', ALLOW)]).chain.decide(named))).toMatchObject({
        outcome: 'deny',
        reason,
      });
    },
  );
});

describe('the anonymous policy (reference/emqx.md §3.1)', () => {
  const noName = attemptOf();
  const emptyName = attemptOf({ username: '' });
  const table = [
    ['allow', 'no username', noName, NOBODY, 'allow', undefined, 1],
    ['allow', 'an empty username', emptyName, NOBODY, 'allow', undefined, 1],
    ['allow', 'a username that all ignore', named, NOBODY, 'allow', undefined, 1],
    ['allow', 'a username that matches', named, ALLOW, 'allow', undefined, 1],
    ['allow', 'a username that fails', named, MISMATCH, 'deny', 'BASIC_PASSWORD_MISMATCH', 1],
    ['deny', 'no username', noName, NOBODY, 'deny', 'ANONYMOUS_DENIED', 1],
    ['deny', 'an empty username', emptyName, NOBODY, 'deny', 'ANONYMOUS_DENIED', 1],
    ['deny', 'a username that all ignore', named, NOBODY, 'deny', 'BASIC_NO_CREDENTIALS', 1],
    ['deny', 'a username that matches', named, ALLOW, 'allow', undefined, 1],
    ['deny', 'a username that fails', named, MISMATCH, 'deny', 'BASIC_PASSWORD_MISMATCH', 1],
    ['quick_deny', 'no username', noName, ALLOW, 'deny', 'ANONYMOUS_QUICK_DENIED', 0],
    ['quick_deny', 'an empty username', emptyName, ALLOW, 'deny', 'ANONYMOUS_QUICK_DENIED', 0],
    ['quick_deny', 'a username that all ignore', named, NOBODY, 'deny', 'BASIC_NO_CREDENTIALS', 1],
    ['quick_deny', 'a username that matches', named, ALLOW, 'allow', undefined, 1],
    ['quick_deny', 'a username that fails', named, MISMATCH, 'deny', 'BASIC_PASSWORD_MISMATCH', 1],
  ] as const;

  test.each(table)('%s, %s: as the table says', (policy, _, attempt, verdict, outcome, reason, asked) => {
    const only = step('only', verdict);
    const decision = now(chainOf([only], policy).chain.decide(attempt));
    expect(decision.outcome).toBe(outcome);
    expect('reason' in decision ? decision.reason : undefined).toBe(reason);
    expect(only.asked).toHaveLength(asked);
  });

  test('who is let in because nobody decided is marked, owns its client ID only, and gets the default rules', () => {
    const decision = now(chainOf([], 'allow').chain.decide(named));
    expect(decision).toMatchObject({
      outcome: 'allow',
      by: 'policy',
      grant: {
        principal: { namespace: 'anonymous', subject: 'pump-7' },
        anonymous: true,
        superuser: false,
        rules: DEFAULT_RULES,
        credentialId: undefined,
      },
    });
  });

  test('an empty chain with a username is exhausted', () => {
    expect(now(chainOf([]).chain.decide(named))).toMatchObject({
      reason: 'CHAIN_EXHAUSTED',
      by: 'policy',
      detail: {},
    });
  });

  test('a client without a username is refused for what the chain found, where that says more', () => {
    const { chain } = chainOf([step('first', ERROR, { onError: 'ignore' })]);
    expect(now(chain.decide(attemptOf()))).toMatchObject({ reason: 'SOURCE_UNREACHABLE' });
  });
});

describe('the primary reason', () => {
  const vague: Verdict = { outcome: 'ignore', reason: 'JWT_MISSING' };
  test.each([
    ['first', [NOBODY, vague]],
    ['last', [vague, NOBODY]],
  ])('is the most specific ignore, also when it came %s', (_, verdicts) => {
    const steps = verdicts.map((verdict, index) => step(String(index), verdict));
    expect(now(chainOf(steps).chain.decide(named))).toMatchObject({
      reason: 'BASIC_NO_CREDENTIALS',
      detail: { lookedUpBy: 'username' },
    });
  });

  test.each(['X509_TLS_NOT_USED', 'X509_CHAIN_EMPTY'] as const)(
    'is what is known of a name rather than %s; without a name, or anything else, it is that',
    (reason) => {
      const certificates = step('x509', { outcome: 'ignore', reason }, { type: 'x509' });
      const both = chainOf([certificates, step('builtin', NOBODY)]).chain;
      expect(now(both.decide(named))).toMatchObject({ reason: 'BASIC_NO_CREDENTIALS' });
      expect(now(both.decide(attemptOf({ username: undefined })))).toMatchObject({ reason });
      expect(now(chainOf([certificates]).chain.decide(named))).toMatchObject({ reason });
    },
  );
});

describe('the trace', () => {
  test('has a line for every step: answered, not asked after the decision, and disabled', () => {
    const silent: Verdict = { outcome: 'ignore', reason: 'JWT_MISSING' };
    const steps = [
      step('off', ALLOW, { enabled: false }),
      step('a', silent),
      step('b', ALLOW),
      step('c', ALLOW, { type: 'jwt' }),
    ];
    const { chain, told } = chainOf(steps);
    const { trace } = now(chain.decide(named));
    expect(trace).toEqual([
      {
        authenticator: 'off',
        type: 'builtin',
        outcome: 'not-asked',
        reason: null,
        ms: 0,
        detail: { enabled: false },
      },
      { authenticator: 'a', type: 'builtin', outcome: 'ignore', reason: 'JWT_MISSING', ms: 0 },
      {
        authenticator: 'b',
        type: 'builtin',
        outcome: 'allow',
        reason: null,
        ms: 0,
        detail: { credential: 'Pump 7' },
      },
      { authenticator: 'c', type: 'jwt', outcome: 'not-asked', reason: null, ms: 0 },
    ]);
    expect(told).toEqual(trace.slice(1, 3));
  });

  test('measures a step in milliseconds with three decimals', () => {
    const clock = manualClock();
    const slow = step('slow', () => {
      clock.advance(1.23456);
      return ALLOW;
    });
    const chain = createChain({
      name: 'default',
      steps: [slow],
      anonymous: () => 'deny',
      clock,
      budgetMs: 3_000,
    });
    expect(now(chain.decide(named)).trace[0]?.ms).toBe(1.235);
  });
});
