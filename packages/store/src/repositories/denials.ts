import { createHash } from 'node:crypto';
import {
  DENIAL_LIMITS,
  type DenialAggregate,
  type DenialBatch,
  type DenialDelta,
  type DenialRepository,
} from '@gatehouse/ports';
import type { Database } from '../database.ts';
import { json, num, type Row, storable, type SqlRunner, type SqlValue, text, tuples } from '../sql.ts';
import { ADVISORY_LOCK } from '../postgresql/advisory-lock.ts';
import { breathe } from '../write-queue.ts';

/** Rows per statement: keeps each one within a few milliseconds on the thread that owns the database. */
const ROWS_PER_STATEMENT = 64;
/** Denials that a sweep removes at most. */
const SWEEP_CHUNK = 500;

export function createDenials({ write, query }: Database): DenialRepository {
  return {
    page: (filter, request) => query('denials.page', { filter, request }),
    totals: () => query('denials.totals', undefined),
    flush: (batch) => write(({ sql }) => flush(sql, batch)),
    clear: () =>
      write(async ({ sql }) => {
        await sql.run('DELETE FROM access_denial_aggregates');
        return sql.run('DELETE FROM access_denials');
      }),
    sweep: (quietSince) =>
      write(async ({ sql }) => {
        await sql.run('DELETE FROM access_denial_aggregates WHERE last_at < ?', [quietSince]);
        const condition = 'SELECT key FROM access_denials WHERE last_at < ? ORDER BY last_at, key LIMIT ?';
        return sql.run(`DELETE FROM access_denials WHERE key IN (${condition})`, [quietSince, SWEEP_CHUNK]);
      }),
  };
}

async function flush(sql: SqlRunner, { denials, aggregates }: DenialBatch): Promise<void> {
  // Rows that give way are locked in another order than rows that are written: one node at a time.
  if (sql.dialect === 'postgresql') await sql.run('SELECT pg_advisory_xact_lock(?)', [ADVISORY_LOCK.denials]);
  const rows = rowsOf(denials);
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const some = rows.slice(start, start + ROWS_PER_STATEMENT);
    await sql.run(
      `INSERT INTO access_denials
         (key, client_id, username, principal, ip, action, topic, denied_by, rule, attempts, first_at, last_at)
       VALUES ${tuples(some.length, COLUMNS)}
       ON CONFLICT (key) DO UPDATE SET ${LATER},
         attempts = access_denials.attempts + excluded.attempts,
         first_at = CASE WHEN access_denials.first_at < excluded.first_at
           THEN access_denials.first_at ELSE excluded.first_at END,
         last_at = CASE WHEN access_denials.last_at > excluded.last_at
           THEN access_denials.last_at ELSE excluded.last_at END`,
      some.flat(),
    );
    await breathe();
  }
  await addAggregates(sql, [...aggregates, ...(await giveWay(sql))]);
}

const COLUMNS = 12;
/** What the later of two denials tells; another node may write the earlier one last. */
const LATER = ['principal', 'ip', 'rule']
  .map(
    (column) =>
      `${column} = CASE WHEN access_denials.last_at > excluded.last_at THEN access_denials.${column} ELSE excluded.${column} END`,
  )
  .join(', ');

/** One row per key, in the order of the keys. */
function rowsOf(denials: readonly DenialDelta[]): readonly (readonly SqlValue[])[] {
  const byKey = new Map<string, DenialDelta>();
  for (const denial of denials) {
    const key = keyOf(denial);
    const other = byKey.get(key);
    byKey.set(key, other === undefined ? denial : { ...denial, ...sum(denial, other) });
  }
  const keys = [...byKey.keys()].sort();
  return keys.flatMap((key) => {
    const denial = byKey.get(key);
    return denial === undefined ? [] : [columnsOf(key, denial)];
  });
}

function columnsOf(key: string, denial: DenialDelta): readonly SqlValue[] {
  const { clientId, username, principal, ip, action, topic, by, rule, count, firstAt, lastAt } = denial;
  return [
    key,
    storable(clientId),
    username === null ? null : storable(username),
    storable(principal),
    ip,
    action,
    storable(topic),
    by,
    json(rule),
    count,
    firstAt,
    lastAt,
  ];
}

/** What tells denials apart: who, what, and what denied it. */
function keyOf({ clientId, username, action, topic, by, rule }: DenialDelta): string {
  const parts = [clientId, username, action, topic, by, rule?.id ?? rule?.topic ?? null];
  return createHash('sha256').update(json(parts)).digest('base64url');
}

/** Takes the rows over the bound out, those that were quiet for longest first, as what is left of them: counts. */
async function giveWay(sql: SqlRunner): Promise<readonly DenialAggregate[]> {
  const [row] = await sql.all('SELECT count(*) AS n FROM access_denials');
  const excess = (row === undefined ? 0 : num(row, 'n')) - DENIAL_LIMITS.rowsMax;
  if (excess <= 0) return [];
  const gone = await sql.all(
    `DELETE FROM access_denials WHERE key IN (SELECT key FROM access_denials ORDER BY last_at, key LIMIT ?)
     RETURNING action, denied_by, attempts, first_at, last_at`,
    [excess],
  );
  return gone.map(aggregateFromRow);
}

const aggregateFromRow = (row: Row): DenialAggregate => ({
  action: text(row, 'action') as DenialAggregate['action'],
  by: text(row, 'denied_by') as DenialAggregate['by'],
  count: num(row, 'attempts'),
  firstAt: num(row, 'first_at'),
  lastAt: num(row, 'last_at'),
});

async function addAggregates(sql: SqlRunner, aggregates: readonly DenialAggregate[]): Promise<void> {
  const byKind = new Map<string, DenialAggregate>();
  for (const one of aggregates) {
    const kind = `${one.action} ${one.by}`;
    const other = byKind.get(kind);
    byKind.set(kind, other === undefined ? one : { ...one, ...sum(one, other) });
  }
  for (const kind of [...byKind.keys()].sort()) {
    const one = byKind.get(kind);
    if (one === undefined) continue;
    await sql.run(
      `INSERT INTO access_denial_aggregates (action, denied_by, attempts, first_at, last_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (action, denied_by) DO UPDATE SET
         attempts = access_denial_aggregates.attempts + excluded.attempts,
         first_at = CASE WHEN access_denial_aggregates.first_at < excluded.first_at
           THEN access_denial_aggregates.first_at ELSE excluded.first_at END,
         last_at = CASE WHEN access_denial_aggregates.last_at > excluded.last_at
           THEN access_denial_aggregates.last_at ELSE excluded.last_at END`,
      [one.action, one.by, one.count, one.firstAt, one.lastAt],
    );
  }
}

type Counted = Pick<DenialAggregate, 'count' | 'firstAt' | 'lastAt'>;

const sum = (one: Counted, other: Counted): Counted => ({
  count: one.count + other.count,
  firstAt: Math.min(one.firstAt, other.firstAt),
  lastAt: Math.max(one.lastAt, other.lastAt),
});
