import {
  andThen,
  completeGroup,
  createChain,
  decideAsScramClient,
  type AnonymousPolicy,
  type Attempt,
  type Chain,
  type ChainEntry,
  type ChainSetupEntry,
  type ChainStage,
  type ChainStep,
  type Clock,
  type Decision,
  type Grant,
  type MaybePromise,
  type ScramCrypto,
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
  /** What a made-up client proves its password with. */
  readonly scramCrypto: ScramCrypto;
  /** Told each decision that stands, before the client is. Must not throw. */
  readonly decided?: (attempt: Attempt, decision: Decision) => void;
}

/** A chain as the broker asks it: for real, and for a made-up attempt that spends no budget and leaves no evidence. */
export interface GuardedChain {
  decide(attempt: Attempt): MaybePromise<Decision>;
  begin(attempt: Attempt, data: Uint8Array | undefined): MaybePromise<ChainStage>;
  dryRun(attempt: Attempt): MaybePromise<Decision>;
}

function chainOf(
  name: string,
  steps: readonly ChainEntry[],
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
  ask: (attempt: Attempt) => MaybePromise<Decision>,
  { source, decided }: Pick<ChainNeeds, 'source' | 'decided'>,
): (attempt: Attempt) => MaybePromise<Decision> {
  const check = (
    attempt: Attempt,
    decision: Decision,
    since: number,
    round: number,
  ): MaybePromise<Decision> => {
    if (decision.outcome !== 'allow' || !hasChanged(source, decision.grant, since)) {
      decided?.(attempt, decision);
      return decision;
    }
    return round < DECISION_ROUNDS_MAX
      ? decide(attempt, round + 1)
      : { outcome: 'busy', by: decision.by, trace: decision.trace };
  };
  const decide = (attempt: Attempt, round: number): MaybePromise<Decision> => {
    const since = source.changeCount();
    const decision = ask(attempt);
    return decision instanceof Promise
      ? decision.then((late) => check(attempt, late, since, round))
      : check(attempt, decision, since, round);
  };
  return (attempt) => decide(attempt, 1);
}

const hasChanged = (source: ChainNeeds['source'], grant: Grant, since: number): boolean =>
  credentialsOf(grant).some((id) => source.changesOf(id) > since);

const credentialsOf = ({ credentialId, required = [] }: Grant): readonly string[] =>
  credentialId === undefined ? required : [credentialId, ...required];

/** The same for an exchange, which cannot be had again: when a credential changed meanwhile, the client is told "busy". */
function guardedExchange(
  chain: Chain,
  { source, decided }: Pick<ChainNeeds, 'source' | 'decided'>,
): GuardedChain['begin'] {
  return (attempt, data) => {
    const begun = source.changeCount();
    const follow = (stage: ChainStage, since: number): ChainStage => {
      if (stage.outcome === 'continue') {
        return {
          ...stage,
          answer: (answer) => {
            const answered = source.changeCount();
            return andThen(stage.answer(answer), (next) => follow(next, answered));
          },
        };
      }
      const { decision } = stage;
      // The step that asked looks its credential up once more; other members of a group were asked at the beginning.
      const isGroup = decision.outcome === 'allow' && decision.grant.required !== undefined;
      if (decision.outcome === 'allow' && hasChanged(source, decision.grant, isGroup ? begun : since)) {
        return {
          ...stage,
          decision: { outcome: 'busy', by: decision.by, trace: decision.trace },
          data: undefined,
        };
      }
      decided?.(attempt, decision);
      return stage;
    };
    return andThen(chain.begin(attempt, data), (stage) => follow(stage, begun));
  };
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
      Object.entries(chains).map(([name, entries]) => [name, this.#make(name, entries, anonymous)]),
    );
    this.#empty = this.#make('', [], anonymous);
  }

  /** An unknown name gives an empty chain, in which the anonymous policy decides. */
  of(name: string): GuardedChain {
    return this.#chains.get(name) ?? this.#empty;
  }

  #make(name: string, entries: readonly ChainSetupEntry[], anonymous: AnonymousPolicy): GuardedChain {
    const { source, scramCrypto } = this.#needs;
    const real = chainOf(name, this.#steps(entries, 'step'), anonymous, this.#needs);
    const rehearsal = chainOf(name, this.#steps(entries, 'rehearsal'), anonymous, this.#needs);
    return {
      decide: guarded((attempt) => real.decide(attempt), this.#needs),
      begin: guardedExchange(real, this.#needs),
      dryRun: guarded((attempt) => decideAsScramClient(rehearsal, attempt, scramCrypto), { source }),
    };
  }

  #steps(entries: readonly ChainSetupEntry[], which: 'step' | 'rehearsal'): readonly ChainEntry[] {
    const { authenticators } = this.#needs;
    return chainEntries(entries, (name) => authenticators.get(name)[which]);
  }
}

/** A chain as it is set up, with its steps in the place of their names. */
export function chainEntries(
  entries: readonly ChainSetupEntry[],
  step: (name: string) => ChainStep,
): readonly ChainEntry[] {
  return entries.map((entry) => {
    if (typeof entry === 'string') return step(entry);
    const { require, ...group } = completeGroup(entry, (name) => step(name).authenticator.type);
    return { ...group, require: require.map(step) };
  });
}
