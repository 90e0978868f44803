import type pg from 'pg';

/** How long what has ended is kept for who has not heard of it, as PostgreSQL writes it. */
const KEPT_FOR = '1 hour';
/** Rows that one statement deletes. */
const ROWS_MAX = 1_000;

const ENDED = [
  ['node_interest', '(node_id, key)', 'NOT live AND changed_at'],
  ['retained_messages', 'key', 'bytes IS NULL AND changed_at'],
  ['node_heirs', 'node_id', 'ended_at'],
] as const;

/**
 * Deletes what ended long ago, some of it at a time. Not while a node is late with its lease: it may not have heard of it.
 * A node that asks many times a second never is an hour behind; were it, then it would send mail in vain to one that has
 * lost its interest, and not lose any.
 */
export async function sweep(pool: pg.Pool): Promise<void> {
  for (const [table, key, since] of ENDED)
    await pool.query(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key.replaceAll(/[()]/g, '')} FROM ${table}
         WHERE ${since} < now() - interval '${KEPT_FOR}' LIMIT ${ROWS_MAX})
       AND NOT EXISTS (SELECT 1 FROM nodes WHERE lease_until < clock_timestamp())`,
    );
}
