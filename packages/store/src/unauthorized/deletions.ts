import { createHash, randomBytes } from 'node:crypto';
import type { Actor, Deletion, UnauthorizedSelection } from '@gatehouse/ports';
import { bool, marks, nullableNum, num, text, type Row, type SqlRunner } from '../sql.ts';
import { breathe } from '../write-queue.ts';
import { classDirectory } from './classes.ts';
import { checkedWhere, compileFilter } from './filter.ts';
import { currentGeneration, lockUnauthorized, newGeneration, switchGeneration } from './generations.ts';
import { mergeRows } from './merge.ts';
import { bestSource, planOf, SORTED_ROWS_MAX, type FilterPlan } from './plan.ts';
import { boundedRows } from './sample.ts';
import { fromSource } from './text-search.ts';
import { CLIENT_JOINS, STORED_COLUMNS, storedFromRow } from './row.ts';
import { deleteRefs, ROWS_PER_STATEMENT, rowsByKey, writeRows, type IdentifiedRow } from './write-rows.ts';

/** How long a deletion may be undone. */
export const UNDO_WINDOW_MS = 10_000;
/** Rows moved or purged per statement. */
const MOVE_CHUNK_ROWS = 200;
const TOKEN_BYTES = 32;

/**
 * Takes rows out of the table: into a generation of their own (the trash), from which an undo takes them back and the
 * sweep removes them. Deleting everything moves nothing: the table goes on in a new generation.
 */
export async function removeRows(
  sql: SqlRunner,
  selection: UnauthorizedSelection,
  actor: Actor,
  now: number,
): Promise<Deletion> {
  const current = await lockUnauthorized(sql);
  const made = await newGeneration(sql);
  let trash = made;
  let deleted: number;
  if (selection.kind === 'all') {
    trash = current;
    await switchGeneration(sql, made);
    deleted = await clientsIn(sql, current);
  } else {
    deleted = await moveSelected(sql, selection, current, trash);
  }
  const undoToken = randomBytes(TOKEN_BYTES).toString('base64url');
  const undoUntil = now + UNDO_WINDOW_MS;
  await sql.run(
    `INSERT INTO unauthorized_deletions (generation, token_hash, kind, actor, until, rows, used)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [trash, hashToken(undoToken), selection.kind, actorKey(actor), undoUntil, deleted, false],
  );
  return { deleted, undoToken, undoUntil };
}

/** Brings the rows of a deletion back; null when the token is unknown, used, expired or another actor's. */
export async function undoRemoval(
  sql: SqlRunner,
  token: string,
  actor: Actor,
  now: number,
): Promise<{ readonly restored: number } | null> {
  const current = await lockUnauthorized(sql);
  const [deletion] = await sql.all('SELECT * FROM unauthorized_deletions WHERE token_hash = ?', [
    hashToken(token),
  ]);
  if (deletion === undefined || !mayUndo(deletion, actor, now)) return null;
  const trash = num(deletion, 'generation');
  const restored = await clientsIn(sql, trash);
  if (text(deletion, 'kind') === 'all') {
    // The deleted generation is shown again, and the little that came since joins it.
    await switchGeneration(sql, trash);
    await join(sql, current, trash);
  } else {
    await join(sql, trash, current);
  }
  await sql.run('DELETE FROM unauthorized_deletions WHERE generation = ?', [trash]);
  return { restored };
}

function mayUndo(deletion: Row, actor: Actor, now: number): boolean {
  return (
    !bool(deletion, 'used') && num(deletion, 'until') >= now && text(deletion, 'actor') === actorKey(actor)
  );
}

/** Moves all rows of one generation into another, merging those whose key is there already. */
async function join(sql: SqlRunner, from: number, into: number): Promise<void> {
  const classOf = classDirectory(sql);
  for (;;) {
    const rows = await sql.all(
      `SELECT ${STORED_COLUMNS} FROM unauthorized_clients c ${CLIENT_JOINS} WHERE c.generation = ? LIMIT ?`,
      [from, ROWS_PER_STATEMENT],
    );
    if (rows.length === 0) return;
    const moving = rows.map((row): IdentifiedRow => ({ id: num(row, 'id'), row: storedFromRow(row) }));
    const present = await rowsByKey(
      sql,
      into,
      moving.map(({ row }) => row.key),
    );
    const apart = moving.filter(({ row }) => !present.has(row.key));
    const shared = moving.filter(({ row }) => present.has(row.key));
    await moveById(
      sql,
      apart.map(({ id }) => id),
      into,
    );
    const writes = shared.flatMap(({ row }) => {
      const before = present.get(row.key);
      if (before === undefined) return [];
      // The older generation has the smaller number unless rows were moved to the trash; times decide within the merge.
      return [{ before, row: mergeRows(row, before.row) }];
    });
    await purgeIds(
      sql,
      shared.map(({ id }) => id),
      [],
    );
    await writeRows(sql, into, writes, classOf);
    await breathe();
  }
}

async function moveSelected(
  sql: SqlRunner,
  selection: Exclude<UnauthorizedSelection, { kind: 'all' }>,
  from: number,
  into: number,
): Promise<number> {
  if (selection.kind === 'ids') {
    const ids = selection.ids.map(Number).filter(Number.isSafeInteger);
    let moved = 0;
    for (let start = 0; start < ids.length; start += MOVE_CHUNK_ROWS) {
      const some = ids.slice(start, start + MOVE_CHUNK_ROWS);
      moved += await sql.run(
        `UPDATE unauthorized_clients SET generation = ? WHERE generation = ? AND id IN (${marks(some.length)})`,
        [into, from, ...some],
      );
      await breathe();
    }
    return moved;
  }
  const except = new Set(selection.except.map(Number));
  const plan = await planOf(sql, await compileFilter(sql, from, selection.filter));
  let moved = 0;
  for await (const ids of matchingIds(sql, plan)) {
    const chosen = ids.filter((id) => !except.has(id));
    for (let start = 0; start < chosen.length; start += MOVE_CHUNK_ROWS) {
      moved += await moveById(sql, chosen.slice(start, start + MOVE_CHUNK_ROWS), into);
      await breathe();
    }
  }
  return moved;
}

/** Rows looked at per statement where no index narrows a filter. */
const WINDOW_ROWS = 1_000;

/** The ids of a filter's rows: at once where a small source has them, else window by window through the table. */
async function* matchingIds(sql: SqlRunner, plan: FilterPlan): AsyncIterable<readonly number[]> {
  const { generation } = plan.filter;
  if (bestSource(plan).size <= SORTED_ROWS_MAX) {
    const rows = boundedRows(sql, plan, 'c.id AS id');
    yield (await sql.all(rows.sql, rows.values)).map((row) => num(row, 'id'));
    return;
  }
  const checks = checkedWhere(plan.filter);
  const table = fromSource(sql.dialect, { index: undefined });
  let after = 0;
  for (;;) {
    const [edge] = await sql.all(
      `SELECT max(id) AS last FROM (SELECT c.id FROM ${table} WHERE c.id > ? ORDER BY c.id LIMIT ?) AS c`,
      [after, WINDOW_ROWS],
    );
    const last = edge === undefined ? null : nullableNum(edge, 'last');
    if (last === null) return;
    const rows = await sql.all(
      `SELECT c.id AS id FROM ${table} WHERE c.id > ? AND c.id <= ? AND c.generation = ? AND ${checks.sql}`,
      [after, last, generation, ...checks.values],
    );
    yield rows.map((row) => num(row, 'id'));
    await breathe();
    after = last;
  }
}

async function moveById(sql: SqlRunner, ids: readonly number[], into: number): Promise<number> {
  if (ids.length === 0) return 0;
  return sql.run(`UPDATE unauthorized_clients SET generation = ? WHERE id IN (${marks(ids.length)})`, [
    into,
    ...ids,
  ]);
}

/** Removes up to one chunk of rows of deletions that can no longer be undone; returns how many. */
export async function purgeExpired(sql: SqlRunner, now: number): Promise<number> {
  const current = await currentGeneration(sql);
  await sql.run('DELETE FROM unauthorized_deletions WHERE until < ?', [now]);
  const rows = await sql.all(
    `SELECT generation FROM unauthorized_counts WHERE clients > 0 AND generation <> ?
     AND generation NOT IN (SELECT generation FROM unauthorized_deletions) ORDER BY generation LIMIT 1`,
    [current],
  );
  await sql.run('DELETE FROM unauthorized_counts WHERE clients = 0 AND generation <> ?', [current]);
  const [row] = rows;
  if (row === undefined) return 0;
  return purgeWhere(sql, 'generation = ?', [num(row, 'generation')]);
}

/** Removes up to one chunk of rows that a condition on `unauthorized_clients` names; returns how many. */
export async function purgeWhere(
  sql: SqlRunner,
  condition: string,
  values: readonly (string | number)[],
  limit = MOVE_CHUNK_ROWS,
): Promise<number> {
  const rows = await sql.all(
    `SELECT c.id AS id, d.samples AS samples FROM unauthorized_clients c JOIN unauthorized_details d ON d.id = c.id
     WHERE c.${condition} LIMIT ?`,
    [...values, Math.min(limit, MOVE_CHUNK_ROWS)],
  );
  const refs = rows.flatMap((row) =>
    (JSON.parse(text(row, 'samples')) as { ref: string }[]).map(({ ref }) => ref),
  );
  await purgeIds(
    sql,
    rows.map((row) => num(row, 'id')),
    refs,
  );
  return rows.length;
}

async function purgeIds(sql: SqlRunner, ids: readonly number[], refs: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const list = marks(ids.length);
  const searchId = sql.dialect === 'sqlite' ? 'rowid' : 'id';
  await sql.run(`DELETE FROM unauthorized_search WHERE ${searchId} IN (${list})`, ids);
  await sql.run(`DELETE FROM unauthorized_details WHERE id IN (${list})`, ids);
  await sql.run(`DELETE FROM unauthorized_clients WHERE id IN (${list})`, ids);
  await deleteRefs(sql, refs);
}

export async function clientsIn(sql: SqlRunner, generation: number): Promise<number> {
  const [row] = await sql.all(
    'SELECT CAST(coalesce(sum(clients), 0) AS BIGINT) AS clients FROM unauthorized_counts WHERE generation = ?',
    [generation],
  );
  return row === undefined ? 0 : num(row, 'clients');
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function actorKey({ kind, id }: Actor): string {
  return `${kind}:${id}`;
}
