import type { ReasonCode } from '@gatehouse/auth-core';
import type { RunningAuthenticator } from './kind.ts';

/** What stands for an authenticator whose files could be read when its settings were checked and cannot any more. */
export function failing(
  name: string,
  type: string,
  reason: ReasonCode,
  problem: string,
): RunningAuthenticator {
  const authenticator = {
    name,
    type,
    check: () => ({ outcome: 'error', reason, detail: { problem } }) as const,
  };
  return {
    authenticator,
    rehearsal: authenticator,
    probe: () => Promise.resolve({ ok: false, problem }),
    close: () => Promise.resolve(),
  };
}
