import type { DryRunDto } from '@gatehouse/contract';
import type { DryRunVerdict } from '@gatehouse/ports';
import { iso } from '../../present/time.ts';
import type { AttemptClient } from './dry-run-attempts.ts';
import type { SessionClient, SessionClients } from './dry-run-sessions.ts';

type Verdicts = ReadonlyMap<string, DryRunVerdict>;
type Attempt = DryRunDto['attempts']['items'][number];
type Session = DryRunDto['sessions']['items'][number];

/** What is worth reading comes first. */
const ATTEMPT_ORDER: readonly Attempt['outcome'][] = ['admitted', 'other-reason', 'cannot-tell', 'same'];
const SESSION_ORDER: readonly Session['outcome'][] = ['refused', 'cannot-tell', 'admitted'];

const told = (verdict: DryRunVerdict | undefined) => ({
  wouldBe: verdict?.reason ?? null,
  by: verdict?.by ?? '',
  why: verdict === undefined ? ('out-of-time' as const) : verdict.why,
  standing: verdict?.inferred === true ? ('inference' as const) : ('fact' as const),
});

export function presentAttempts(found: readonly AttemptClient[], verdicts: Verdicts): DryRunDto['attempts'] {
  const items = found
    .map((one) => presentAttempt(one, verdicts.get(one.client.id)))
    .toSorted((a, b) => ATTEMPT_ORDER.indexOf(a.outcome) - ATTEMPT_ORDER.indexOf(b.outcome));
  const count = (outcome: Attempt['outcome']): number =>
    items.filter((one) => one.outcome === outcome).length;
  return {
    examined: items.length,
    same: count('same'),
    admitted: count('admitted'),
    otherReason: count('other-reason'),
    cannotTell: count('cannot-tell'),
    items,
  };
}

function presentAttempt({ row }: AttemptClient, verdict: DryRunVerdict | undefined): Attempt {
  const { clientId, username, ip, listener, reason } = row;
  const lastAttemptAt = iso(row.lastAttemptAt);
  const outcome = attemptOutcome(reason, verdict);
  return { id: row.id, clientId, username, ip, listener, reason, lastAttemptAt, outcome, ...told(verdict) };
}

function attemptOutcome(reason: string, verdict: DryRunVerdict | undefined): Attempt['outcome'] {
  if (verdict === undefined || verdict.outcome === 'unknown') return 'cannot-tell';
  if (verdict.outcome === 'allow') return 'admitted';
  return verdict.reason === reason ? 'same' : 'other-reason';
}

export function presentSessions({ found, more }: SessionClients, verdicts: Verdicts): DryRunDto['sessions'] {
  const items = found
    .map((one) => presentSession(one, verdicts.get(one.client.id)))
    .toSorted((a, b) => SESSION_ORDER.indexOf(a.outcome) - SESSION_ORDER.indexOf(b.outcome));
  const count = (outcome: Session['outcome']): number =>
    items.filter((one) => one.outcome === outcome).length;
  return {
    examined: items.length,
    admitted: count('admitted'),
    refused: count('refused'),
    cannotTell: count('cannot-tell'),
    more,
    items,
  };
}

function presentSession({ session, client }: SessionClient, verdict: DryRunVerdict | undefined): Session {
  const { clientId, username } = session;
  const { ip, listener } = client;
  return { clientId, username, ip, listener, outcome: sessionOutcome(verdict), ...told(verdict) };
}

function sessionOutcome(verdict: DryRunVerdict | undefined): Session['outcome'] {
  if (verdict === undefined || verdict.outcome === 'unknown') return 'cannot-tell';
  return verdict.outcome === 'allow' ? 'admitted' : 'refused';
}
