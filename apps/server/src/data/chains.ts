import {
  createBuiltin,
  createChain,
  type Attempt,
  type BuiltinHooks,
  type Chain,
  type ChainStep,
  type Clock,
  type Decision,
  type GuessingBudget,
  type MaybePromise,
  type PasswordVerifier,
} from '@gatehouse/auth-core';
import { builtinSettings } from '../config/schema-auth.ts';
import type { Config } from '../config/schema.ts';
import type { CachedCredentialSource } from './credential-source.ts';

/** Milliseconds of a whole chain beyond which nobody decides any more. */
const CHAIN_BUDGET_MS = 8_000;

/** A decision is taken again when its credential changed meanwhile, at most so often; then the client is told "busy". */
const DECISION_ROUNDS_MAX = 3;

/** A budget that never refuses and counts nothing: for dry runs, and where guessing is not slowed. */
export const NO_BUDGET: GuessingBudget = {
  admit: () => ({ result: 'ok' }),
  failed: () => undefined,
  succeeded: () => undefined,
  released: () => undefined,
};

/** What the chains are made of. */
export interface ChainNeeds {
  readonly config: Config;
  readonly source: CachedCredentialSource;
  readonly verifier: PasswordVerifier;
  readonly budget: GuessingBudget;
  readonly clock: Clock;
  readonly anonymous: () => Config['auth']['anonymous'];
  readonly hooks?: BuiltinHooks;
  /** Told each decision that stands, before the client is. Must not throw. */
  readonly decided?: (attempt: Attempt, decision: Decision) => void;
}

/** A chain as the broker asks it: for real, and for a made-up attempt that spends no budget and leaves no evidence. */
export interface GuardedChain {
  decide(attempt: Attempt): MaybePromise<Decision>;
  dryRun(attempt: Attempt): MaybePromise<Decision>;
}

function stepOf(name: string, needs: ChainNeeds): ChainStep {
  const settings = builtinSettings.parse(needs.config.auth.authenticators[name] ?? { type: 'builtin' });
  const { source, verifier, budget, clock, hooks } = needs;
  return {
    authenticator: createBuiltin({
      name,
      strategy: settings.strategy,
      source,
      verifier,
      budget,
      clock,
      ...(hooks === undefined ? {} : { hooks }),
    }),
    enabled: settings.enabled,
    onError: settings.on_error,
    onMismatch: settings.on_mismatch,
    timeoutMs: settings.timeout_ms,
  };
}

function chainOf(name: string, steps: readonly string[], needs: ChainNeeds): Chain {
  return createChain({
    name,
    steps: steps.map((step) => stepOf(step, needs)),
    anonymous: needs.anonymous,
    clock: needs.clock,
    budgetMs: CHAIN_BUDGET_MS,
  });
}

/**
 * Takes a decision again when the credential that admitted was changed while it was being taken: a login never rests on
 * what an operator has already taken back.
 */
function guarded(
  chain: Chain,
  { source, decided }: ChainNeeds,
): (attempt: Attempt) => MaybePromise<Decision> {
  const check = (
    attempt: Attempt,
    decision: Decision,
    since: number,
    round: number,
  ): MaybePromise<Decision> => {
    const id = decision.outcome === 'allow' ? decision.grant.credentialId : undefined;
    if (id === undefined || source.changesOf(id) <= since) {
      decided?.(attempt, decision);
      return decision;
    }
    return round < DECISION_ROUNDS_MAX
      ? decide(attempt, round + 1)
      : { outcome: 'busy', by: decision.by, trace: decision.trace };
  };
  const decide = (attempt: Attempt, round: number): MaybePromise<Decision> => {
    const since = source.changeCount();
    const decision = chain.decide(attempt);
    return decision instanceof Promise
      ? decision.then((late) => check(attempt, late, since, round))
      : check(attempt, decision, since, round);
  };
  return (attempt) => decide(attempt, 1);
}

/** All chains of the configuration by name; an unknown name gives an empty chain, in which the anonymous policy decides. */
export function createChains(needs: ChainNeeds): (name: string) => GuardedChain {
  const { hooks: _hooks, decided: _decided, ...rest } = needs;
  const quiet: ChainNeeds = { ...rest, budget: NO_BUDGET };
  const make = (name: string, steps: readonly string[]): GuardedChain => ({
    decide: guarded(chainOf(name, steps, needs), needs),
    dryRun: guarded(chainOf(name, steps, quiet), quiet),
  });
  const chains = new Map(
    Object.entries(needs.config.auth.chains).map(([name, steps]) => [name, make(name, steps)]),
  );
  const empty = make('', []);
  return (name) => chains.get(name) ?? empty;
}
