import type {
  AcceptedLogin,
  AggregateDelta,
  AttemptBatch,
  AttemptDelta,
  HintDelta,
  UnauthorizedChange,
} from '@gatehouse/ports';
import { storable, type SqlRunner } from '../sql.ts';
import { breathe } from '../write-queue.ts';
import { classDirectory } from './classes.ts';
import { lockUnauthorized } from './generations.ts';
import { identitiesOfLogin, keyOfClientId, openKeysOf } from './identities.ts';
import { mergeRows, resolveByLogin, rowFromDelta, withHints } from './merge.ts';
import { toClient, type StoredRow } from './row.ts';
import { ROWS_PER_STATEMENT, rowsByKey, writeRows, type IdentifiedRow, type RowWrite } from './write-rows.ts';

/** What a flush did, and how many attempts were in records that could not be stored. */
export interface Flushed {
  readonly changes: readonly UnauthorizedChange[];
  readonly skippedAttempts: number;
}

/** Applies one batch of the recorder inside an open transaction, a few rows at a time. */
export async function flushBatch(sql: SqlRunner, batch: AttemptBatch): Promise<Flushed> {
  const generation = await lockUnauthorized(sql);
  const classOf = classDirectory(sql);
  const changes: UnauthorizedChange[] = [];
  let skippedAttempts = 0;
  const incoming = new Map<string, StoredRow>();
  for (const delta of batch.deltas) {
    if (!collect(incoming, delta, batch.node)) skippedAttempts += delta.attempts;
  }
  for (const rows of chunks([...incoming.values()], ROWS_PER_STATEMENT)) {
    const stored = await rowsByKey(
      sql,
      generation,
      rows.map(({ key }) => key),
    );
    const writes = rows.map((row): RowWrite => {
      const before = stored.get(row.key);
      return { before, row: before === undefined ? row : mergeRows(before.row, row) };
    });
    const written = await writeRows(sql, generation, writes, classOf);
    changes.push(...written.map((row, index) => change('upsert', row, writes[index]?.before === undefined)));
    await breathe();
  }
  for (const hints of chunks(batch.hints ?? [], ROWS_PER_STATEMENT)) {
    const written = await writeRows(sql, generation, await hinting(sql, generation, hints), classOf);
    changes.push(...written.map((row) => change('upsert', row, false)));
    await breathe();
  }
  for (const logins of chunks(batch.logins, ROWS_PER_STATEMENT)) {
    const byKey = await loginsByKey(sql, generation, logins);
    for (const keys of chunks([...byKey.keys()], ROWS_PER_STATEMENT)) {
      const writes = await resolving(sql, generation, keys, byKey);
      const written = await writeRows(sql, generation, writes, classOf);
      changes.push(...written.map((row) => change(row.row.resolved ? 'resolved' : 'upsert', row, false)));
      await breathe();
    }
  }
  await addAggregates(sql, batch.aggregates);
  return { changes, skippedAttempts };
}

/** Adds a delta to the rows to write; false when it cannot be stored, which must cost that one row only. */
function collect(incoming: Map<string, StoredRow>, delta: AttemptDelta, node: string): boolean {
  try {
    const row = rowFromDelta(delta, node);
    if (!isSound(row)) return false;
    const known = incoming.get(row.key);
    incoming.set(row.key, known === undefined ? row : mergeRows(known, row));
    return true;
  } catch {
    return false;
  }
}

/** Whether the columns can hold it: what is not so comes from a defect. */
function isSound(row: StoredRow): boolean {
  const numbers = [row.firstAt, row.lastAt, row.attempts];
  const texts = [row.key, row.clientId, row.username, row.ip, row.reason, row.listener];
  return numbers.every(Number.isSafeInteger) && texts.every((value) => typeof value === 'string');
}

/** Evidence never makes a row: what was deleted meanwhile stays deleted. */
async function hinting(
  sql: SqlRunner,
  generation: number,
  hints: readonly HintDelta[],
): Promise<readonly RowWrite[]> {
  const hintsByKey = new Map(hints.map(({ key, mismatchHints }) => [key, mismatchHints]));
  const rows = await rowsByKey(sql, generation, [...hintsByKey.keys()]);
  return [...rows].flatMap(([key, before]) => {
    const row = withHints(before.row, hintsByKey.get(key) ?? []);
    return row === before.row ? [] : [{ before, row }];
  });
}

/** The rows that logins may resolve: that of each one's client ID, and those of its other identities. */
async function loginsByKey(
  sql: SqlRunner,
  generation: number,
  logins: readonly AcceptedLogin[],
): Promise<ReadonlyMap<string, readonly AcceptedLogin[]>> {
  const open = await openKeysOf(sql, generation, logins.flatMap(identitiesOfLogin));
  const byKey = new Map<string, AcceptedLogin[]>();
  for (const login of logins) {
    const others = identitiesOfLogin(login).flatMap((identity) => open.get(identity) ?? []);
    for (const key of new Set([keyOfClientId(login.clientId), ...others])) {
      byKey.set(key, [...(byKey.get(key) ?? []), login]);
    }
  }
  return byKey;
}

async function resolving(
  sql: SqlRunner,
  generation: number,
  keys: readonly string[],
  byKey: ReadonlyMap<string, readonly AcceptedLogin[]>,
): Promise<readonly RowWrite[]> {
  const rows = await rowsByKey(sql, generation, keys);
  return [...rows].flatMap(([key, before]) => {
    const row = (byKey.get(key) ?? []).reduce(resolveByLogin, before.row);
    return row === before.row ? [] : [{ before, row }];
  });
}

async function addAggregates(sql: SqlRunner, aggregates: readonly AggregateDelta[]): Promise<void> {
  for (const { network, reason, attempts, firstAt, lastAt } of aggregates) {
    await sql.run(
      `INSERT INTO unauthorized_aggregates (network, reason, attempts, first_at, last_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (network, reason) DO UPDATE SET
         attempts = unauthorized_aggregates.attempts + excluded.attempts,
         first_at = CASE WHEN unauthorized_aggregates.first_at < excluded.first_at
           THEN unauthorized_aggregates.first_at ELSE excluded.first_at END,
         last_at = CASE WHEN unauthorized_aggregates.last_at > excluded.last_at
           THEN unauthorized_aggregates.last_at ELSE excluded.last_at END`,
      [storable(network), reason, attempts, firstAt, lastAt],
    );
  }
}

function change(
  kind: UnauthorizedChange['kind'],
  { id, row }: IdentifiedRow,
  isNew: boolean,
): UnauthorizedChange {
  return { kind, isNew, row: toClient(String(id), row) };
}

function* chunks<T>(values: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
