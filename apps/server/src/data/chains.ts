import {
  createChain,
  type Attempt,
  type Chain,
  type ChainStep,
  type Decision,
  type MaybePromise,
} from '@gatehouse/auth-core';
import type { Config } from '../config/schema.ts';
import type { AuthenticatorNeeds } from './authenticators/kind.ts';
import { settingsOf } from './authenticators/of-config.ts';

/** Milliseconds of a whole chain beyond which nobody decides any more. */
const CHAIN_BUDGET_MS = 8_000;

/** A decision is taken again when its credential changed meanwhile, at most so often; then the client is told "busy". */
const DECISION_ROUNDS_MAX = 3;

/** What the chains are made of. */
export interface ChainNeeds extends Omit<AuthenticatorNeeds, 'outbound'> {
  readonly config: Config;
  readonly anonymous: () => Config['auth']['anonymous'];
  /** Told each decision that stands, before the client is. Must not throw. */
  readonly decided?: (attempt: Attempt, decision: Decision) => void;
}

/** A chain as the broker asks it: for real, and for a made-up attempt that spends no budget and leaves no evidence. */
export interface GuardedChain {
  decide(attempt: Attempt): MaybePromise<Decision>;
  dryRun(attempt: Attempt): MaybePromise<Decision>;
}

/** The authenticators of the configuration by name, each made once, whatever chains it is in. */
type Running = ReadonlyMap<string, RunningStep>;

interface RunningStep {
  readonly step: ChainStep;
  /** For dry runs: spends no budget and leaves no evidence. */
  readonly rehearsal: ChainStep;
  readonly close: () => Promise<void>;
}

function runningOf(needs: ChainNeeds): Running {
  const names = new Set(Object.values(needs.config.auth.chains).flat());
  return new Map([...names].map((name) => [name, runningStep(name, needs)]));
}

function runningStep(name: string, needs: ChainNeeds): RunningStep {
  const { settings, create } = settingsOf(needs.config, name);
  const { authenticator, rehearsal, close } = create(name, { ...needs, outbound: needs.config.outbound });
  const step: ChainStep = {
    authenticator,
    enabled: settings.enabled,
    onError: settings.on_error,
    onMismatch: settings.on_mismatch,
    timeoutMs: settings.timeout_ms,
  };
  return { step, rehearsal: { ...step, authenticator: rehearsal }, close };
}

function chainOf(name: string, steps: readonly ChainStep[], needs: ChainNeeds): Chain {
  return createChain({
    name,
    steps,
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

/** The chains by name; an unknown name gives an empty chain, in which the anonymous policy decides. */
export interface Chains {
  readonly of: (name: string) => GuardedChain;
  /** Gives back what the authenticators hold open. */
  readonly close: () => Promise<void>;
}

/** All chains of the configuration. */
export function createChains(needs: ChainNeeds): Chains {
  const { decided: _decided, ...quiet } = needs;
  const running = runningOf(needs);
  const make = (name: string, names: readonly string[]): GuardedChain => {
    const steps = names.flatMap((step) => running.get(step) ?? []);
    return {
      decide: guarded(
        chainOf(
          name,
          steps.map(({ step }) => step),
          needs,
        ),
        needs,
      ),
      dryRun: guarded(
        chainOf(
          name,
          steps.map(({ rehearsal }) => rehearsal),
          quiet,
        ),
        quiet,
      ),
    };
  };
  const chains = new Map(
    Object.entries(needs.config.auth.chains).map(([name, steps]) => [name, make(name, steps)]),
  );
  const empty = make('', []);
  return {
    of: (name) => chains.get(name) ?? empty,
    close: async () => {
      await Promise.all([...running.values()].map(({ close }) => close()));
    },
  };
}
