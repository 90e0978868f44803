import { type AnonymousPolicy, anonymousGrant, usernameOf } from './anonymous.ts';
import type { Attempt } from './attempt.ts';
import { askExchangeWithin, askWithin } from './ask.ts';
import { andThen } from './maybe-promise.ts';
import type { Clock, ExchangeStep, MaybePromise } from './needs.ts';
import { REASONS, type ReasonCode } from './reasons/index.ts';
import {
  type AllowedBy,
  bindProblem,
  type ChainStep,
  grantOfGroup,
  mountpointProblem,
  type RequireGroup,
} from './require.ts';
import { type Settled, settle } from './settle.ts';
import { type ChainEntry, createTrace, type TraceRecorder } from './trace.ts';
import type { Decision, SafeDetail, TraceStep, Verdict } from './verdict.ts';

export interface ChainOptions {
  readonly name: string;
  readonly steps: readonly ChainEntry[];
  /** Asked for every attempt, so that a change is in force at once. */
  readonly anonymous: () => AnonymousPolicy;
  readonly clock: Clock;
  /** Milliseconds for the whole chain, a client's own time to answer apart; what is left of it caps every step. */
  readonly budgetMs: number;
  /** Told every step that was asked, for counters. Must not throw. */
  readonly onStep?: (step: TraceStep) => void;
}

/** Where a chain is with a client that asks for enhanced authentication: it has a question, or has decided. */
export type ChainStage =
  | {
      readonly outcome: 'continue';
      readonly data: Uint8Array;
      /** Takes the client's answer; never throws or rejects. */
      readonly answer: (data: Uint8Array | undefined) => MaybePromise<ChainStage>;
      /** The client gives no answer any more. */
      readonly abandon: (detail: SafeDetail) => Decision;
    }
  | { readonly outcome: 'decided'; readonly decision: Decision; readonly data: Uint8Array | undefined };

/** An ordered list of authenticators that decides about attempts (auth.md §2). */
export interface Chain {
  readonly name: string;
  /** Never throws or rejects. Answers at once, without a promise, when every step that was asked did. */
  decide(attempt: Attempt): MaybePromise<Decision>;
  /** The same for a client that can be asked: with the authentication data of its CONNECT or AUTH. */
  begin(attempt: Attempt, data: Uint8Array | undefined): MaybePromise<ChainStage>;
}

/** One attempt's way through the chain. */
interface Run {
  readonly options: ChainOptions;
  readonly attempt: Attempt;
  readonly trace: TraceRecorder;
  readonly startedAt: number;
  /** Milliseconds that the client took for its answers: no step is measured by them. */
  waitedMs: number;
  /** The client's first data: for the steps that are asked until one has a question. */
  readonly data: Uint8Array | undefined;
  /** A question was asked; the client cannot be asked those of another step. */
  hasAsked: boolean;
  /** The most specific reason for which nobody has decided yet. */
  primary: { readonly reason: ReasonCode; readonly detail: SafeDetail } | undefined;
}

/** Goes on with what a step answered, and the last data of its exchange. */
type Take = (settled: Settled, data: Uint8Array | undefined) => MaybePromise<ChainStage>;

const NO_DETAIL: SafeDetail = {};
const POLICY = 'policy';

/**
 * Makes a chain. First `allow` or `deny` ends it, `ignore` goes on, `error` is what the step's policy says; when
 * nobody decided, the anonymous policy does. A `require` group decides about everybody who reaches it. Clients that ask
 * for enhanced authentication are the business of the steps that serve an exchange, and of groups.
 *
 * @example
 * const chain = createChain({ name: 'default', steps, anonymous: () => 'deny', clock, budgetMs: 3_000 });
 * const decision = await chain.decide(attempt);
 */
export function createChain(options: ChainOptions): Chain {
  const begin = (attempt: Attempt, data: Uint8Array | undefined): MaybePromise<ChainStage> => {
    const trace = createTrace(options.steps, options.onStep);
    const startedAt = options.clock.monotonic();
    const run: Run = {
      options,
      attempt,
      trace,
      startedAt,
      waitedMs: 0,
      data,
      hasAsked: false,
      primary: undefined,
    };
    const early = refusalBeforeSteps(options, attempt);
    return early === undefined ? walk(run, 0) : refuse(run, early, POLICY, NO_DETAIL);
  };
  return {
    name: options.name,
    begin,
    decide: (attempt) =>
      andThen(begin(attempt, undefined), (stage) =>
        stage.outcome === 'decided' ? stage.decision : stage.abandon({ message: 'first' }),
      ),
  };
}

/** What is refused before any authenticator is called. */
function refusalBeforeSteps(options: ChainOptions, attempt: Attempt): ReasonCode | undefined {
  if (attempt.authMethod !== undefined) {
    // Enhanced authentication is for those that serve it alone; `quick_deny` does not apply to it (auth.md §1).
    const isServed = options.steps.some((entry) =>
      'require' in entry ? entry.require.some(serves) : serves(entry),
    );
    return isServed ? undefined : 'SCRAM_DISABLED';
  }
  const quick = options.anonymous() === 'quick_deny' && usernameOf(attempt) === undefined;
  return quick ? 'ANONYMOUS_QUICK_DENIED' : undefined;
}

const serves = ({ enabled, authenticator }: ChainStep): boolean =>
  enabled && authenticator.exchange !== undefined;

/** Milliseconds of the server's own time that the attempt has taken. */
const spentMs = ({ options, startedAt, waitedMs }: Run): number =>
  options.clock.monotonic() - startedAt - waitedMs;

/** Folds the attempt through the entries from `index`; leaves synchronous ground only when a step does. */
function walk(run: Run, index: number): MaybePromise<ChainStage> {
  for (const [offset, entry] of run.options.steps.slice(index).entries()) {
    if ('require' in entry) return askGroup(run, entry);
    if (!entry.enabled) continue;
    if (run.attempt.authMethod !== undefined && entry.authenticator.exchange === undefined) continue;
    return ask(
      run,
      entry,
      (settled, data) => decidedBy(run, entry, settled, data) ?? walk(run, index + offset + 1),
    );
  }
  return exhausted(run);
}

/** Asks one step, by its exchange where the client asks for one and the step serves it. */
function ask(run: Run, step: ChainStep, take: Take): MaybePromise<ChainStage> {
  const { clock, budgetMs } = run.options;
  const startedMs = spentMs(run);
  if (startedMs >= budgetMs) return overBudget(run);
  const timeoutMs = Math.min(step.timeoutMs, budgetMs - startedMs);
  const settled = (verdict: Verdict): Settled => {
    const result = settle(verdict, step);
    run.trace.asked(step, result, spentMs(run) - startedMs);
    return result;
  };
  const { authenticator } = step;
  const { authMethod } = run.attempt;
  const { exchange } = authenticator;
  if (authMethod === undefined || exchange === undefined) {
    const answer = askWithin(clock, authenticator, run.attempt, timeoutMs);
    return andThen(answer, (verdict) => take(settled(verdict), undefined));
  }
  const follow = (stage: ExchangeStep): MaybePromise<ChainStage> =>
    stage.outcome === 'decided'
      ? take(settled(stage.verdict), stage.data)
      : question(run, stage, {
          answered: (data) =>
            andThen(
              askExchangeWithin(clock, timeoutMs, () => stage.answer(data)),
              follow,
            ),
          abandoned: (detail) => {
            settled({ outcome: 'deny', reason: 'SCRAM_DATA_MISSING', detail });
            return refusal(run, 'SCRAM_DATA_MISSING', authenticator.name, detail);
          },
        });
  const first = run.hasAsked ? undefined : run.data;
  return andThen(
    askExchangeWithin(clock, timeoutMs, () => exchange.begin(authMethod, run.attempt, first)),
    follow,
  );
}

/** Puts a step's question to the client; the time until its answer is the client's. */
function question(
  run: Run,
  { data }: Extract<ExchangeStep, { outcome: 'continue' }>,
  then: {
    readonly answered: (data: Uint8Array | undefined) => MaybePromise<ChainStage>;
    readonly abandoned: (detail: SafeDetail) => Decision;
  },
): ChainStage {
  const { clock } = run.options;
  run.hasAsked = true;
  const askedAt = clock.monotonic();
  const resume = (): void => {
    run.waitedMs += clock.monotonic() - askedAt;
  };
  return {
    outcome: 'continue',
    data,
    answer: (answer) => {
      resume();
      return then.answered(answer);
    },
    abandon: (detail) => {
      resume();
      return then.abandoned(detail);
    },
  };
}

/** What a step's settled verdict decides; undefined when the next step is to be asked. */
function decidedBy(
  run: Run,
  { authenticator: { name } }: ChainStep,
  { verdict, effect }: Settled,
  data: Uint8Array | undefined,
): ChainStage | undefined {
  switch (effect) {
    case 'allow':
      return decided({ outcome: 'allow', grant: verdict.grant, by: name, trace: run.trace.finish() }, data);
    case 'busy':
      return decided({ outcome: 'busy', by: name, trace: run.trace.finish() });
    case 'deny':
      return refuse(run, verdict.reason, name, verdict.detail ?? NO_DETAIL);
    case 'ignore':
      if (run.hasAsked) return refuse(run, verdict.reason, name, verdict.detail ?? NO_DETAIL);
      if (run.primary === undefined || rankOf(run, verdict.reason) > rankOf(run, run.primary.reason)) {
        run.primary = { reason: verdict.reason, detail: verdict.detail ?? NO_DETAIL };
      }
      return undefined;
  }
}

/** Asks the members of a group in order, until one does not allow. */
function askGroup(run: Run, group: RequireGroup): MaybePromise<ChainStage> {
  const startedMs = spentMs(run);
  const allowed: AllowedBy[] = [];
  let last: Uint8Array | undefined;
  const end = (reason: ReasonCode, by: string, detail: SafeDetail): ChainStage => {
    run.trace.grouped(group, { outcome: 'deny', reason, detail }, spentMs(run) - startedMs);
    return refuse(run, reason, by, detail);
  };
  const early = refusalBeforeMembers(group, run.attempt);
  if (early !== undefined) return end(early.reason, POLICY, early.detail);
  const next = (index: number): MaybePromise<ChainStage> => {
    const member = group.require[index];
    if (member === undefined) {
      const problem = bindProblem(group, run.attempt, allowed);
      if (problem !== undefined) return end('REQUIRE_BIND_MISMATCH', POLICY, problem);
      const mounted = mountpointProblem(allowed);
      if (mounted !== undefined) return end('AUTHENTICATOR_ERROR', POLICY, mounted);
      const grant = grantOfGroup(group, allowed);
      if (grant === undefined) return end('AUTHENTICATOR_ERROR', POLICY, NO_IDENTITY);
      const detail = { bind: group.bind, identity: group.identity };
      run.trace.grouped(group, { outcome: 'allow', reason: null, detail }, spentMs(run) - startedMs);
      return decided({ outcome: 'allow', grant, by: group.identity, trace: run.trace.finish() }, last);
    }
    return ask(run, member, ({ verdict, effect }, data) => {
      last ??= data;
      const { name, type } = member.authenticator;
      switch (effect) {
        case 'allow':
          allowed.push({ name, type, grant: verdict.grant });
          return next(index + 1);
        case 'busy':
          return decided({ outcome: 'busy', by: name, trace: run.trace.finish() });
        // Not to be known is not to have been allowed.
        case 'deny':
        case 'ignore':
          return end(verdict.reason, name, verdict.detail ?? NO_DETAIL);
      }
    });
  };
  return next(0);
}

const NO_IDENTITY: SafeDetail = { problem: 'the identity step is none of the group' };

/** Why a group asks nobody: with a member switched off it would require less than it says. */
function refusalBeforeMembers(
  { require: members }: RequireGroup,
  { authMethod }: Attempt,
): { readonly reason: ReasonCode; readonly detail: SafeDetail } | undefined {
  const off = members.find(({ enabled }) => !enabled);
  if (off !== undefined) {
    const detail = { problem: 'a required authenticator is switched off', required: off.authenticator.name };
    return { reason: 'AUTHENTICATOR_ERROR', detail };
  }
  // A client cannot leave a group by choosing a method (auth.md §1).
  if (authMethod === undefined || members.some(serves)) return undefined;
  return { reason: 'SCRAM_DISABLED', detail: NO_DETAIL };
}

const WITHOUT_CERTIFICATE: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'X509_TLS_NOT_USED',
  'X509_CHAIN_EMPTY',
]);
/** Above the exhausted chain, below all that is known of a name. */
const RANK_BESIDE_A_NAME = 1;

/** How much a reason tells about this client: to show no certificate tells little of one that goes by a name. */
const rankOf = ({ attempt }: Run, reason: ReasonCode): number =>
  WITHOUT_CERTIFICATE.has(reason) && usernameOf(attempt) !== undefined
    ? RANK_BESIDE_A_NAME
    : REASONS[reason].rank;

/** Nobody decided: the anonymous policy does, and the most specific reason is the one that is shown. */
function exhausted(run: Run): ChainStage {
  const { attempt, primary, options } = run;
  if (attempt.authMethod !== undefined) {
    // Who asks to be authenticated is not let in as nobody.
    const { reason, detail } = primary ?? { reason: 'SCRAM_DISABLED', detail: NO_DETAIL };
    return refuse(run, reason, POLICY, detail);
  }
  if (options.anonymous() === 'allow') {
    const grant = anonymousGrant(attempt);
    return decided({ outcome: 'allow', grant, by: POLICY, trace: run.trace.finish() });
  }
  const fallback = usernameOf(attempt) === undefined ? 'ANONYMOUS_DENIED' : 'CHAIN_EXHAUSTED';
  return primary !== undefined && rankOf(run, primary.reason) > REASONS[fallback].rank
    ? refuse(run, primary.reason, POLICY, primary.detail)
    : refuse(run, fallback, POLICY, NO_DETAIL);
}

/** Fails closed: who was not asked in time cannot have admitted. */
const overBudget = (run: Run): ChainStage =>
  refuse(run, 'AUTHENTICATOR_ERROR', POLICY, {
    problem: 'chain budget used up',
    budgetMs: run.options.budgetMs,
  });

const decided = (decision: Decision, data?: Uint8Array): ChainStage => ({
  outcome: 'decided',
  decision,
  data,
});

const refuse = (run: Run, reason: ReasonCode, by: string, detail: SafeDetail): ChainStage =>
  decided(refusal(run, reason, by, detail));

const refusal = (run: Run, reason: ReasonCode, by: string, detail: SafeDetail): Decision => ({
  outcome: 'deny',
  reason,
  by,
  detail,
  trace: run.trace.finish(),
});

/**
 * The decision about a connected client that proved itself again: whatever failed, its re-authentication did
 * (MQTT 5.0 §4.12.1); the detail keeps why.
 */
export const asReauthentication = (decision: Decision): Decision =>
  decision.outcome === 'deny'
    ? {
        ...decision,
        reason: 'SCRAM_REAUTH_FAILED',
        detail: { ...decision.detail, because: decision.reason },
      }
    : decision;
