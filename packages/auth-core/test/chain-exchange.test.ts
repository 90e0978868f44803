import { describe, expect, test } from 'vitest';
import type { AnonymousPolicy } from '../src/anonymous.ts';
import { asReauthentication, type ChainStage, createChain } from '../src/chain.ts';
import type { Authenticator, ExchangeStep } from '../src/needs.ts';
import type { ChainStep } from '../src/require.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';
import type { ChainEntry } from '../src/trace.ts';
import type { Decision, Grant, Verdict } from '../src/verdict.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);

const GRANT: Grant = {
  principal: { namespace: 'test', subject: 'pump-7' },
  superuser: false,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
};
const ALLOW: Verdict = { outcome: 'allow', grant: GRANT };

const stepOf = (authenticator: Authenticator, policy: Partial<ChainStep> = {}): ChainStep => ({
  authenticator,
  enabled: true,
  onError: 'deny',
  onMismatch: 'deny',
  timeoutMs: 1_000,
  ...policy,
});

const plain = (name: string, verdict: Verdict = ALLOW): ChainStep =>
  stepOf({ name, type: 'builtin', check: () => verdict });

/** Knows one method; asks `who?` and gives the verdict whatever is answered. */
const asking = (
  name: string,
  verdict: Verdict | (() => Promise<ExchangeStep>),
  policy: Partial<ChainStep> = {},
  method = 'SCRAM-SHA-256',
): ChainStep =>
  stepOf(
    {
      name,
      type: 'scram',
      check: () => ({ outcome: 'ignore', reason: 'SCRAM_NOT_USED' }),
      exchange: {
        begin: (asked, _attempt, data) => {
          if (asked !== method) {
            const unsupported: Verdict = { outcome: 'ignore', reason: 'SCRAM_METHOD_UNSUPPORTED' };
            return { outcome: 'decided', verdict: unsupported, data: undefined };
          }
          return {
            outcome: 'continue',
            data: bytes(`who, ${text(data)}?`),
            answer: () =>
              typeof verdict === 'function'
                ? verdict()
                : { outcome: 'decided', verdict, data: bytes('proof of the server') },
          };
        },
      },
    },
    policy,
  );

function chainOf(steps: readonly ChainEntry[], anonymous: AnonymousPolicy = 'deny') {
  const clock = manualClock();
  const chain = createChain({ name: 'default', steps, anonymous: () => anonymous, clock, budgetMs: 3_000 });
  return { chain, clock };
}

const scram = attemptOf({ authMethod: 'SCRAM-SHA-256' });

function now(stage: ChainStage | Promise<ChainStage>): ChainStage {
  if (stage instanceof Promise) throw new Error('expected an answer at once');
  return stage;
}
function question(stage: ChainStage | Promise<ChainStage>) {
  const asked = now(stage);
  if (asked.outcome !== 'continue') throw new Error(`decided: ${JSON.stringify(asked.decision)}`);
  return asked;
}
function decision(stage: ChainStage | Promise<ChainStage>): Decision {
  const settled = now(stage);
  if (settled.outcome !== 'decided') throw new Error('a question');
  return settled.decision;
}

describe('enhanced authentication', () => {
  test.each([
    ['no step that serves it', plain('passwords')],
    ['one that is switched off', asking('scram', ALLOW, { enabled: false })],
  ])('is refused with %s, before anybody is asked', (_, only) => {
    const refused = decision(chainOf([only]).chain.begin(scram, bytes('me')));
    expect(refused).toMatchObject({
      outcome: 'deny',
      reason: 'SCRAM_DISABLED',
      by: 'policy',
      trace: [{ outcome: 'not-asked' }],
    });
  });

  test('passes by the steps that do not serve it, puts the question and hands on the last data', () => {
    const { chain } = chainOf(
      [plain('passwords'), asking('scram', ALLOW), asking('later', ALLOW)],
      'quick_deny',
    );
    const asked = question(chain.begin(scram, bytes('me')));
    expect(text(asked.data)).toBe('who, me?');
    const end = now(asked.answer(bytes('proof')));
    expect(end).toMatchObject({ outcome: 'decided', decision: { outcome: 'allow', by: 'scram' } });
    expect(end.outcome === 'decided' ? text(end.data) : '').toBe('proof of the server');
    expect(decision(end).trace.map(({ outcome }) => outcome)).toEqual(['not-asked', 'allow', 'not-asked']);
  });

  test('a step that does not know the method leaves the client to the next', () => {
    const { chain } = chainOf([asking('other', ALLOW, {}, 'SCRAM-SHA-512'), asking('scram', ALLOW)]);
    expect(text(question(chain.begin(scram, bytes('me'))).data)).toBe('who, me?');
  });

  test.each(['deny', 'allow', 'quick_deny'] as const)(
    'whom nobody knows is refused under the anonymous policy %s too',
    (policy) => {
      const { chain } = chainOf([asking('other', ALLOW, {}, 'SCRAM-SHA-512')], policy);
      expect(decision(chain.begin(scram, bytes('me')))).toMatchObject({
        outcome: 'deny',
        reason: 'SCRAM_METHOD_UNSUPPORTED',
      });
    },
  );

  test('after a question no other step is asked, whatever the policies say', () => {
    const mismatch: Verdict = {
      outcome: 'deny',
      reason: 'SCRAM_PROOF_MISMATCH',
      detail: { credential: 'P' },
    };
    const first = asking('scram', mismatch, { onMismatch: 'ignore' });
    const { chain } = chainOf([first, asking('later', ALLOW)], 'allow');
    expect(decision(question(chain.begin(scram, bytes('me'))).answer(bytes('x')))).toMatchObject({
      outcome: 'deny',
      reason: 'SCRAM_PROOF_MISMATCH',
      by: 'scram',
      detail: { credential: 'P' },
    });
  });

  test('the time of the client counts for no step, and not for the whole', () => {
    const { chain, clock } = chainOf([asking('scram', ALLOW)]);
    const asked = question(chain.begin(scram, bytes('me')));
    clock.advance(60_000);
    const { outcome, trace } = decision(asked.answer(bytes('proof')));
    expect([outcome, trace[0]?.ms]).toEqual(['allow', 0]);
  });

  test('an answer that takes the server too long is an error', async () => {
    const never = () => new Promise<ExchangeStep>(() => undefined);
    const { chain, clock } = chainOf([asking('scram', never, { timeoutMs: 200 })]);
    const late = question(chain.begin(scram, bytes('me'))).answer(bytes('proof'));
    clock.advance(200);
    expect(await late).toMatchObject({
      decision: { reason: 'AUTHENTICATOR_ERROR', by: 'scram', trace: [{ outcome: 'error', ms: 200 }] },
    });
  });

  test('a client that gives no answer is refused for that, with the step in the trace', () => {
    const { chain } = chainOf([asking('scram', ALLOW)]);
    const abandoned = question(chain.begin(scram, bytes('me'))).abandon({ limitMs: 10 });
    expect(abandoned).toMatchObject({
      outcome: 'deny',
      reason: 'SCRAM_DATA_MISSING',
      by: 'scram',
      detail: { limitMs: 10 },
      trace: [{ outcome: 'deny', reason: 'SCRAM_DATA_MISSING' }],
    });
  });

  test('an exception in an exchange is an error, of which nothing is kept', () => {
    const throwing = stepOf({
      name: 'scram',
      type: 'scram',
      check: () => ALLOW,
      exchange: {
        begin: () => {
          throw new TypeError('password=hunter2');
        },
      },
    });
    const refused = decision(chainOf([throwing]).chain.begin(scram, bytes('me')));
    expect(refused).toMatchObject({ reason: 'AUTHENTICATOR_ERROR', detail: { error: 'TypeError' } });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });

  test('who cannot be asked is refused', () => {
    const { chain } = chainOf([asking('scram', ALLOW)]);
    expect(chain.decide(scram)).toMatchObject({ outcome: 'deny', reason: 'SCRAM_DATA_MISSING' });
  });
});

describe('a re-authentication', () => {
  test('that fails says so, and why in its detail', () => {
    const given: Decision = {
      outcome: 'deny',
      reason: 'SCRAM_PROOF_MISMATCH',
      by: 'scram',
      detail: { credential: 'P' },
      trace: [],
    };
    expect(asReauthentication(given)).toEqual({
      ...given,
      reason: 'SCRAM_REAUTH_FAILED',
      detail: { credential: 'P', because: 'SCRAM_PROOF_MISMATCH' },
    });
  });

  test('that succeeds is as the first time', () => {
    const given: Decision = { outcome: 'allow', grant: GRANT, by: 'scram', trace: [] };
    expect(asReauthentication(given)).toBe(given);
  });
});
