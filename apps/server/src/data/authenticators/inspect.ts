import { type Attempt, createChain, decideAsScramClient, type TraceStep } from '@gatehouse/auth-core';
import type { AuthenticatorTest, BackendStatus, RawAuthenticator } from '@gatehouse/ports';
import type { AuthenticatorNeeds, RunningAuthenticator } from './kind.ts';
import { type RunningStep, stepOf } from './running.ts';

/** How the backend is just now; null where there is none. */
export function statusOf(running: RunningAuthenticator | undefined): BackendStatus | null {
  if (running?.guard === undefined) return null;
  return { ...running.guard(), pool: running.pool?.() ?? null };
}

/** Makes an authenticator of these settings, asks it alone about the attempt, and lets it go. Never rejects. */
export async function testSettings(
  name: string,
  raw: RawAuthenticator,
  attempt: Attempt | undefined,
  needs: AuthenticatorNeeds,
): Promise<AuthenticatorTest> {
  const { rehearsal, running } = stepOf(name, raw, needs);
  try {
    const probe = (await running.probe?.()) ?? null;
    if (attempt === undefined) return { probe, step: null, explained: null };
    const [method] = running.methods ?? [];
    const asked = { ...attempt, authMethod: attempt.authMethod ?? method };
    const step = await askAlone({ ...rehearsal, enabled: true }, asked, needs);
    const explained = (await running.explain?.(attempt)) ?? null;
    return { probe, step, explained };
  } finally {
    await running.close().catch(() => undefined);
  }
}

/** The one step of a chain that has no other. */
async function askAlone(
  step: RunningStep['rehearsal'],
  attempt: Attempt,
  { clock, scram }: Pick<AuthenticatorNeeds, 'clock' | 'scram'>,
): Promise<TraceStep | null> {
  const chain = createChain({
    name: 'test',
    steps: [step],
    anonymous: () => 'deny',
    clock,
    budgetMs: step.timeoutMs,
  });
  const { trace } = await decideAsScramClient(chain, attempt, scram.crypto);
  return trace[0] ?? null;
}
