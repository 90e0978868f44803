import type { ReasonCode } from '@gatehouse/auth-core';
import type { UnauthorizedGroup } from '@gatehouse/ports';
import { fragment, or, text, type Fragment, type SqlRunner } from '../sql.ts';
import type { Inside } from './row.ts';

/** A change explains refusals that began at most this long after it (auth.md §10, incidents). */
const EXPLAINED_WITHIN_MS = 15 * 60_000;
/** Nouns of audit actions that decide who is let in. */
const DECIDING_NOUNS = ['credential', 'chain', 'authenticator', 'policy', 'listener', 'ca', 'block'] as const;
/** Reads of such things are audited too, and change nothing. */
const READING_ACTIONS = ['credential.export'] as const;

/** Names with each group the last change just before its first refusal, if there was one. */
export async function explained(
  sql: SqlRunner,
  groups: readonly UnauthorizedGroup[],
): Promise<readonly UnauthorizedGroup[]> {
  const decides = or(
    DECIDING_NOUNS.map((noun) => fragment('action >= ? AND action < ?', `${noun}.`, `${noun}/`)),
  );
  const reads = or(READING_ACTIONS.map((action) => fragment('action = ?', action)));
  const result: UnauthorizedGroup[] = [];
  for (const group of groups) {
    const [row] = await sql.all(
      `SELECT id FROM audit_entries WHERE at >= ? AND at <= ? AND ${decides.sql} AND NOT ${reads.sql}
       ORDER BY at DESC, seq DESC LIMIT 1`,
      [group.firstAttemptAt - EXPLAINED_WITHIN_MS, group.firstAttemptAt, ...decides.values, ...reads.values],
    );
    result.push(row === undefined ? group : { ...group, auditId: text(row, 'id') });
  }
  return result;
}

/** Reasons of what was decided about a client that had failed before: its earlier attempts are another incident's. */
const DECIDED_SINCE: readonly ReasonCode[] = ['CLIENT_BLOCKED', 'TOO_MANY_FAILURES'];
/** Rows of an incident whose histories are read; of more of them the figures are lower bounds. */
const HISTORIES_MAX = 200;
/** Refusals of one kind that began within the same ten minutes are an incident. */
const INCIDENT_MS = 600_000;
/** What an incident of the rows `c` of class `k` is called. */
export const INCIDENT = `k.reason || ' ' || CAST(c.first_at - c.first_at % ${String(INCIDENT_MS)} AS TEXT)`;

/** Incidents of blocked and of paused clients as they are since that was decided: attempts made before are not theirs. */
export async function sinceDecided(
  sql: SqlRunner,
  rows: Fragment,
  groups: readonly UnauthorizedGroup[],
): Promise<readonly UnauthorizedGroup[]> {
  const result: UnauthorizedGroup[] = [];
  for (const group of groups) {
    const reason = DECIDED_SINCE.find((one) => group.value.startsWith(`${one} `));
    result.push(reason === undefined ? group : { ...group, ...(await attemptsOf(sql, rows, group, reason)) });
  }
  return result;
}

async function attemptsOf(
  sql: SqlRunner,
  rows: Fragment,
  group: UnauthorizedGroup,
  reason: ReasonCode,
): Promise<Partial<UnauthorizedGroup>> {
  const found = await sql.all(
    `SELECT d.inside AS inside FROM (${rows.sql}) AS c JOIN unauthorized_classes k ON k.id = c.class_id
       JOIN unauthorized_details d ON d.id = c.id WHERE ${INCIDENT} = ? LIMIT ?`,
    [...rows.values, group.value, HISTORIES_MAX + 1],
  );
  const own = found
    .flatMap((row) => (JSON.parse(text(row, 'inside')) as Inside).signatures)
    .filter((signature) => signature.reason === reason);
  if (own.length === 0) return {};
  return {
    attempts: own.reduce((sum, { attempts }) => sum + attempts, 0),
    firstAttemptAt: Math.min(...own.map(({ firstAt }) => firstAt)),
    ...(found.length > HISTORIES_MAX ? { approximate: true } : {}),
  };
}
