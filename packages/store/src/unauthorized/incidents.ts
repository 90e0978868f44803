import type { UnauthorizedGroup } from '@gatehouse/ports';
import { fragment, or, text, type SqlRunner } from '../sql.ts';

/** A change explains refusals that began at most this long after it (auth.md §10, incidents). */
const EXPLAINED_WITHIN_MS = 15 * 60_000;
/** Nouns of audit actions that decide who is let in. */
const DECIDING_NOUNS = ['credential', 'chain', 'authenticator', 'policy', 'listener', 'ca'] as const;
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
