import {
  type Authenticator,
  type BackendGuard,
  createBackendGuard,
  type HttpAclAnswer,
} from '@gatehouse/auth-core';
import type { AuthenticatorNeeds, RunningAuthenticator, StepSettings } from './kind.ts';

/** `backendShape` of the contract: of those that ask a backend. */
interface BackendSettings extends StepSettings {
  readonly concurrent_max: number;
  readonly waiting_max: number;
  readonly breaker_failures: number;
  readonly breaker_pause_ms: number;
}

const asksBackend = (settings: StepSettings): settings is BackendSettings => 'concurrent_max' in settings;

/** Puts bulkhead and breaker before an authenticator that asks a backend; dry runs share them, as they share the backend. */
export function guarded(
  running: RunningAuthenticator,
  settings: StepSettings,
  { clock }: Pick<AuthenticatorNeeds, 'clock'>,
): RunningAuthenticator {
  if (!asksBackend(settings)) return running;
  const guard = createBackendGuard({
    concurrentMax: settings.concurrent_max,
    waitingMax: settings.waiting_max,
    waitMsMax: settings.timeout_ms,
    breakerFailures: settings.breaker_failures,
    breakerPauseMs: settings.breaker_pause_ms,
    clock,
  });
  const { aboutTopic } = running;
  return {
    ...running,
    ...(aboutTopic === undefined
      ? {}
      : { aboutTopic: { ...aboutTopic, ask: guardedAsk(guard, running.authenticator, aboutTopic.ask) } }),
    authenticator: guard.before(running.authenticator),
    rehearsal: guard.before(running.rehearsal),
    guard: guard.state,
  };
}

type Ask = NonNullable<RunningAuthenticator['aboutTopic']>['ask'];

/** Questions about topics find the same bulkhead and breaker as those about clients. */
const guardedAsk =
  (guard: BackendGuard, { name, type }: Authenticator, ask: Ask): Ask =>
  async (attempt, question) => {
    let said: HttpAclAnswer = 'error';
    const asking = guard.before({
      name,
      type,
      check: async () => {
        said = await ask(attempt, question);
        return said === 'error'
          ? { outcome: 'error', reason: 'AUTHENTICATOR_ERROR' }
          : { outcome: 'ignore', reason: 'HTTP_IGNORED' };
      },
    });
    const { outcome } = await asking.check(attempt);
    return outcome === 'ignore' ? said : 'error';
  };
