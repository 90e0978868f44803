import type { Attempt } from '@gatehouse/auth-core';
import type { AskSource, BrokerPartStats } from '@gatehouse/broker';
import type {
  AuthenticatorInspection,
  AuthSetup,
  BrokerStats,
  DataPlane,
  TryAttempt,
} from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { setupOfConfig } from './auth-setup.ts';
import { statusOf, testSettings } from './authenticators/inspect.ts';
import type { AuthenticatorNeeds } from './authenticators/kind.ts';
import { NO_BUDGET } from './authenticators/no-budget.ts';
import { RunningAuthenticators } from './authenticators/running.ts';
import { type ChainNeeds, Chains } from './chains.ts';
import { dryRunChain } from './dry-run.ts';
import { authStateOf } from './parts.ts';

export interface AuthPartOptions
  extends Omit<AuthenticatorNeeds, 'outbound' | 'preset'>, Pick<ChainNeeds, 'decided'> {
  readonly config: Config;
}

/** Everything that decides who is admitted, and can be changed while it runs. */
export interface AuthPart {
  readonly chains: Chains;
  /** Asks an authenticator about one topic; one that is gone cannot say, and what it is asked about is denied. */
  readonly ask: AskSource;
  /** Puts a setup in force at once. */
  readonly use: (setup: AuthSetup) => void;
  /** What is asked about it; `trial` makes the attempt that a test describes. */
  readonly methods: (
    trial: (request: TryAttempt) => Attempt,
  ) => AuthenticatorInspection & Pick<DataPlane, 'authState' | 'dryRunChain'>;
  /** What the broker counted, with the authenticators that are in force and no others. */
  readonly stats: (counted: BrokerPartStats) => Pick<BrokerStats, keyof BrokerPartStats>;
  readonly close: () => Promise<void>;
}

const NEVER_ASKED = { allow: 0, deny: 0, ignore: 0, error: 0, p50Ms: null, p95Ms: null, lastError: null };

/** Begins with what the configuration declares. */
export function createAuthPart({ config, decided, ...rest }: AuthPartOptions): AuthPart {
  const needs: AuthenticatorNeeds = {
    ...rest,
    outbound: config.outbound,
    ownPorts: () => [config.api.port, config.console.port],
    preset: config.auth.preset,
  };
  const quiet: AuthenticatorNeeds = { ...needs, budget: NO_BUDGET };
  const authenticators = new RunningAuthenticators(needs);
  let setup = setupOfConfig(config);
  const chains = new Chains(
    {
      authenticators,
      source: needs.source,
      clock: needs.clock,
      scramCrypto: needs.scram.crypto,
      ...(decided === undefined ? {} : { decided }),
    },
    setup,
  );
  return {
    chains,
    ask: async ({ source, attempt, ...question }) => {
      const aboutTopic = authenticators.running(source)?.aboutTopic;
      const answer = (await aboutTopic?.ask(attempt, question)) ?? 'error';
      return answer === 'error' && aboutTopic?.onError === 'ignore' ? 'unknown' : answer;
    },
    use: (next) => {
      setup = next;
      chains.use(next);
    },
    methods: (trial) => ({
      authState: () => Promise.resolve(authStateOf(config, setup)),
      dryRunChain: (request) =>
        dryRunChain({
          request,
          authenticators,
          quiet,
          attemptOf: (client) => trial({ ...client, password: undefined }),
        }),
      authenticatorStatus: (name) => Promise.resolve(statusOf(authenticators.running(name))),
      testAuthenticator: (name, raw, request) =>
        testSettings(name, raw, request === undefined ? undefined : trial(request), quiet),
    }),
    stats: (counted) => {
      const inForce = Object.entries(setup.authenticators).map(([name, { type }]) => {
        const { running, step } = authenticators.get(name);
        const counts = counted.auth.authenticators.find((one) => one.name === name) ?? NEVER_ASKED;
        return { ...counts, name, type, enabled: step.enabled, backend: statusOf(running) };
      });
      return { ...counted, auth: { ...counted.auth, authenticators: inForce } };
    },
    close: () => authenticators.close(),
  };
}
