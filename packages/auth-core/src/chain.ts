import { type AnonymousPolicy, anonymousGrant, usernameOf } from './anonymous.ts';
import type { Attempt } from './attempt.ts';
import { askWithin } from './ask.ts';
import type { Authenticator, Clock, MaybePromise } from './needs.ts';
import { REASONS, type ReasonCode } from './reasons/index.ts';
import { type Settled, type StepPolicy, settle } from './settle.ts';
import { createTrace, type TraceRecorder } from './trace.ts';
import type { Decision, SafeDetail, TraceStep, Verdict } from './verdict.ts';

/** One authenticator in its place in a chain, with what happens when it errs or does not match. */
export interface ChainStep extends StepPolicy {
  readonly authenticator: Authenticator;
  readonly enabled: boolean;
  /** Milliseconds that this step may take; an answer that comes later counts as an error. */
  readonly timeoutMs: number;
}

export interface ChainOptions {
  readonly name: string;
  readonly steps: readonly ChainStep[];
  /** Asked for every attempt, so that a change is in force at once. */
  readonly anonymous: () => AnonymousPolicy;
  readonly clock: Clock;
  /** Milliseconds for the whole chain; what is left of it caps every step. */
  readonly budgetMs: number;
  /** Told every step that was asked, for counters. Must not throw. */
  readonly onStep?: (step: TraceStep) => void;
}

/** An ordered list of authenticators that decides about attempts (auth.md §2). */
export interface Chain {
  readonly name: string;
  /** Never throws or rejects. Answers at once, without a promise, when every step that was asked did. */
  decide(attempt: Attempt): MaybePromise<Decision>;
}

/** One attempt's way through the chain. */
interface Run {
  readonly attempt: Attempt;
  readonly trace: TraceRecorder;
  readonly startedAt: number;
  /** The most specific reason for which nobody has decided yet. */
  primary: { readonly reason: ReasonCode; readonly detail: SafeDetail } | undefined;
}

const NO_DETAIL: SafeDetail = {};
const POLICY = 'policy';

/**
 * Makes a chain. First `allow` or `deny` ends it, `ignore` goes on, `error` is what the step's policy says; when
 * nobody decided, the anonymous policy does. Groups that require several steps join here as one step (auth.md §2).
 *
 * @example
 * const chain = createChain({ name: 'default', steps, anonymous: () => 'deny', clock, budgetMs: 3_000 });
 * const decision = await chain.decide(attempt);
 */
export function createChain(options: ChainOptions): Chain {
  return {
    name: options.name,
    decide(attempt) {
      const startedAt = options.clock.monotonic();
      const trace = createTrace(options.steps, options.onStep);
      const run: Run = { attempt, trace, startedAt, primary: undefined };
      const early = refusalBeforeSteps(options, attempt);
      return early === undefined ? walk(options, run, 0) : refuse(run, early, POLICY, NO_DETAIL);
    },
  };
}

/** What is refused before any authenticator is called. */
function refusalBeforeSteps(options: ChainOptions, attempt: Attempt): ReasonCode | undefined {
  if (attempt.authMethod !== undefined) {
    // Enhanced authentication is the `scram` step's business alone; `quick_deny` does not apply to it (auth.md §1).
    const hasScram = options.steps.some((step) => step.enabled && step.authenticator.type === 'scram');
    return hasScram ? undefined : 'SCRAM_DISABLED';
  }
  const quick = options.anonymous() === 'quick_deny' && usernameOf(attempt) === undefined;
  return quick ? 'ANONYMOUS_QUICK_DENIED' : undefined;
}

/** Folds the attempt through the steps from `first`; leaves synchronous ground only when a step does. */
function walk(options: ChainOptions, run: Run, first: number): MaybePromise<Decision> {
  for (const [offset, step] of options.steps.slice(first).entries()) {
    if (!step.enabled) continue;
    const index = first + offset;
    const startedAt = options.clock.monotonic();
    const leftMs = options.budgetMs - (startedAt - run.startedAt);
    if (leftMs <= 0) return overBudget(options, run);

    const take = (verdict: Verdict): Decision | undefined => {
      const settled = settle(verdict, step);
      run.trace.asked(step, settled, options.clock.monotonic() - startedAt);
      return decisionOf(run, step.authenticator.name, settled);
    };
    const answer = askWithin(
      options.clock,
      step.authenticator,
      run.attempt,
      Math.min(step.timeoutMs, leftMs),
    );
    if (answer instanceof Promise) {
      return answer.then((verdict) => take(verdict) ?? walk(options, run, index + 1));
    }
    const decision = take(answer);
    if (decision !== undefined) return decision;
  }
  return exhausted(options, run);
}

/** What a step's settled verdict decides; undefined when the next step is to be asked. */
function decisionOf(run: Run, by: string, settled: Settled): Decision | undefined {
  const { verdict, effect } = settled;
  switch (effect) {
    case 'allow':
      return { outcome: 'allow', grant: verdict.grant, by, trace: run.trace.finish() };
    case 'busy':
      return { outcome: 'busy', by, trace: run.trace.finish() };
    case 'deny':
      return refuse(run, verdict.reason, by, verdict.detail ?? NO_DETAIL);
    case 'ignore':
      if (run.primary === undefined || REASONS[verdict.reason].rank > REASONS[run.primary.reason].rank) {
        run.primary = { reason: verdict.reason, detail: verdict.detail ?? NO_DETAIL };
      }
      return undefined;
  }
}

/** Nobody decided: the anonymous policy does, and the most specific reason is the one that is shown. */
function exhausted(options: ChainOptions, run: Run): Decision {
  if (options.anonymous() === 'allow') {
    const grant = anonymousGrant(run.attempt);
    return { outcome: 'allow', grant, by: POLICY, trace: run.trace.finish() };
  }
  const fallback = usernameOf(run.attempt) === undefined ? 'ANONYMOUS_DENIED' : 'CHAIN_EXHAUSTED';
  const { primary } = run;
  return primary !== undefined && REASONS[primary.reason].rank > REASONS[fallback].rank
    ? refuse(run, primary.reason, POLICY, primary.detail)
    : refuse(run, fallback, POLICY, NO_DETAIL);
}

/** Fails closed: who was not asked in time cannot have admitted. */
const overBudget = (options: ChainOptions, run: Run): Decision =>
  refuse(run, 'AUTHENTICATOR_ERROR', POLICY, { problem: 'chain budget used up', budgetMs: options.budgetMs });

const refuse = (run: Run, reason: ReasonCode, by: string, detail: SafeDetail): Decision => ({
  outcome: 'deny',
  reason,
  by,
  detail,
  trace: run.trace.finish(),
});
