import {
  createChain,
  type AnonymousPolicy,
  type Attempt,
  type Chain,
  type ChainStep,
  type Clock,
  type Decision,
  type MaybePromise,
} from '@gatehouse/auth-core';
import type { AuthSetup } from '@gatehouse/ports';
import type { RunningAuthenticators } from './authenticators/running.ts';
import type { CachedCredentialSource } from './credential-source.ts';

/** Milliseconds of a whole chain beyond which nobody decides any more. */
const CHAIN_BUDGET_MS = 8_000;

/** A decision is taken again when its credential changed meanwhile, at most so often; then the client is told "busy". */
const DECISION_ROUNDS_MAX = 3;

/** What the chains are made of. */
export interface ChainNeeds {
  readonly authenticators: RunningAuthenticators;
  readonly source: Pick<CachedCredentialSource, 'changesOf' | 'changeCount'>;
  readonly clock: Clock;
  /** Told each decision that stands, before the client is. Must not throw. */
  readonly decided?: (attempt: Attempt, decision: Decision) => void;
}

/** A chain as the broker asks it: for real, and for a made-up attempt that spends no budget and leaves no evidence. */
export interface GuardedChain {
  decide(attempt: Attempt): MaybePromise<Decision>;
  dryRun(attempt: Attempt): MaybePromise<Decision>;
}

function chainOf(
  name: string,
  steps: readonly ChainStep[],
  anonymous: AnonymousPolicy,
  { clock }: ChainNeeds,
): Chain {
  return createChain({ name, steps, anonymous: () => anonymous, clock, budgetMs: CHAIN_BUDGET_MS });
}

/**
 * Takes a decision again when the credential that admitted was changed while it was being taken: a login never rests on
 * what an operator has already taken back.
 */
function guarded(
  chain: Chain,
  { source, decided }: Pick<ChainNeeds, 'source' | 'decided'>,
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

/** The chains in force. */
export class Chains {
  readonly #needs: ChainNeeds;
  #chains: ReadonlyMap<string, GuardedChain> = new Map();
  #empty: GuardedChain;

  constructor(needs: ChainNeeds, setup: AuthSetup) {
    this.#needs = needs;
    this.#empty = this.#make('', [], 'deny');
    this.use(setup);
  }

  /** Puts a setup in force: every attempt that comes from now on is decided by it. */
  use({ authenticators, chains, anonymous }: AuthSetup): void {
    this.#needs.authenticators.use(authenticators);
    this.#chains = new Map(
      Object.entries(chains).map(([name, steps]) => [name, this.#make(name, steps, anonymous)]),
    );
    this.#empty = this.#make('', [], anonymous);
  }

  /** An unknown name gives an empty chain, in which the anonymous policy decides. */
  of(name: string): GuardedChain {
    return this.#chains.get(name) ?? this.#empty;
  }

  #make(name: string, names: readonly string[], anonymous: AnonymousPolicy): GuardedChain {
    const { authenticators, source } = this.#needs;
    const steps = names.map((step) => authenticators.get(step));
    const real = steps.map(({ step }) => step);
    const rehearsal = steps.map((step) => step.rehearsal);
    return {
      decide: guarded(chainOf(name, real, anonymous, this.#needs), this.#needs),
      dryRun: guarded(chainOf(name, rehearsal, anonymous, this.#needs), { source }),
    };
  }
}
