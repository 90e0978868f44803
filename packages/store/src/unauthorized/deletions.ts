import { createHash, randomBytes } from 'node:crypto';
import type { Actor, Deletion, UnauthorizedSelection } from '@gatehouse/ports';
import { bool, json, marks, nullableNum, num, text, type Row, type SqlRunner } from '../sql.ts';
import { breathe } from '../write-queue.ts';
import { classDirectory, clientsOf } from './classes.ts';
import { checkedWhere, compileHiding, shownRows, type CompiledFilter, type Hiding } from './filter.ts';
import { currentGeneration, lockUnauthorized, newGeneration, switchGeneration } from './generations.ts';
import { mergeRows } from './merge.ts';
import { bestSource, planOf, SORTED_ROWS_MAX, type FilterPlan } from './plan.ts';
import { boundedRows } from './sample.ts';
import { fromSource } from './text-search.ts';
import { CLIENT_JOINS, STORED_COLUMNS, storedFromRow } from './row.ts';
import { deleteRefs, ROWS_PER_STATEMENT, rowsByKey, writeRows, type IdentifiedRow } from './write-rows.ts';

/** How long a deletion may be undone. */
export const UNDO_WINDOW_MS = 10_000;
/** Rows moved or purged per statement: each writes ten indexes. */
const MOVE_CHUNK_ROWS = 32;
/** Rows purged per transaction; other writes come in between. */
const PURGE_CHUNK_ROWS = 192;
/** Rows that a deletion by filter moves at once; more are hidden instead, and purged when it cannot be undone any more. */
export const MOVED_ROWS_MAX = 500;
const TOKEN_BYTES = 32;

/**
 * Takes rows out of the table: into a generation of their own (the trash), from which an undo takes them back and the
 * sweep removes them. Deleting everything moves nothing: the table goes on in a new generation. Nor does deleting many
 * by a filter: what it matches is hidden by the deletion's own record, so that it is gone at once and whole, other
 * writers wait for a count only, and a process that dies meanwhile leaves nothing half done.
 */
export async function removeRows(
  sql: SqlRunner,
  selection: UnauthorizedSelection,
  actor: Actor,
  now: number,
): Promise<Deletion> {
  const current = await lockUnauthorized(sql);
  const made = await newGeneration(sql);
  const taken = await take(sql, selection, { current, made }, now);
  const undoToken = randomBytes(TOKEN_BYTES).toString('base64url');
  const undoUntil = now + UNDO_WINDOW_MS;
  await sql.run(
    `INSERT INTO unauthorized_deletions (generation, token_hash, kind, actor, until, rows, used, hides)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      taken.trash,
      hashToken(undoToken),
      selection.kind,
      actorKey(actor),
      undoUntil,
      taken.rows,
      false,
      taken.hides === undefined ? null : json(taken.hides),
    ],
  );
  return { deleted: taken.rows, undoToken, undoUntil };
}

interface Taken {
  readonly trash: number;
  readonly rows: number;
  readonly hides?: Hiding;
}

async function take(
  sql: SqlRunner,
  selection: UnauthorizedSelection,
  { current, made }: { readonly current: number; readonly made: number },
  now: number,
): Promise<Taken> {
  switch (selection.kind) {
    case 'all':
      await switchGeneration(sql, made);
      return { trash: current, rows: await clientsIn(sql, current) };
    case 'ids':
      return { trash: made, rows: await moveIds(sql, selection.ids.map(Number), current, made) };
    case 'filter': {
      const hides: Hiding = {
        generation: current,
        filter: selection.filter,
        except: selection.except.map(Number).filter(Number.isSafeInteger),
        at: now,
      };
      const plan = await planOf(sql, await compileShownOf(sql, hides));
      const few = await fewIds(sql, plan);
      if (few !== undefined) return { trash: made, rows: await moveIds(sql, few, current, made) };
      // Where classes alone decide (the only condition is that of time), their totals are the count.
      const byClass = plan.filter.conditions.length === 1;
      const rows = byClass ? clientsOf(plan.filter.matching) : await countAll(sql, plan.filter);
      return { trash: made, rows, hides };
    }
  }
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
  if (deletion['hides'] !== null) {
    await sql.run('DELETE FROM unauthorized_deletions WHERE generation = ?', [trash]);
    return { restored: num(deletion, 'rows') };
  }
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

async function moveIds(
  sql: SqlRunner,
  given: readonly number[],
  from: number,
  into: number,
): Promise<number> {
  const ids = given.filter(Number.isSafeInteger);
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

/** The ids of a filter's rows where they are few enough to be moved at once. */
async function fewIds(sql: SqlRunner, plan: FilterPlan): Promise<readonly number[] | undefined> {
  if (bestSource(plan).size > SORTED_ROWS_MAX) return undefined;
  const rows = boundedRows(sql, plan, 'c.id AS id');
  const found = await sql.all(`${rows.sql} LIMIT ?`, [...rows.values, MOVED_ROWS_MAX + 1]);
  return found.length > MOVED_ROWS_MAX ? undefined : found.map((row) => num(row, 'id'));
}

/** Rows looked at per statement where a filter's rows are looked for in the whole table. */
const WINDOW_ROWS = 1_000;

/** Counts a filter's rows window by window through the table. */
async function countAll(sql: SqlRunner, filter: CompiledFilter): Promise<number> {
  let rows = 0;
  for await (const { count } of windows(sql, filter, 'count(*) AS n')) rows += count;
  return rows;
}

interface Window {
  readonly rows: readonly Row[];
  /** Of a column `n`. */
  readonly count: number;
}

/** `SELECT columns` of a filter's rows, of {@link WINDOW_ROWS} rows of the table at a time, by id. */
async function* windows(
  sql: SqlRunner,
  filter: CompiledFilter,
  columns: string,
  start = 0,
): AsyncIterable<Window> {
  const checks = checkedWhere(filter);
  const table = fromSource(sql.dialect, { index: undefined });
  let after = start;
  for (;;) {
    const [edge] = await sql.all(
      `SELECT max(id) AS last FROM (SELECT c.id FROM ${table} WHERE c.id > ? ORDER BY c.id LIMIT ?) AS c`,
      [after, WINDOW_ROWS],
    );
    const last = edge === undefined ? null : nullableNum(edge, 'last');
    if (last === null) return;
    const rows = await sql.all(
      `SELECT ${columns} FROM ${table} WHERE c.id > ? AND c.id <= ? AND c.generation = ? AND ${checks.sql}`,
      [after, last, filter.generation, ...checks.values],
    );
    const [first] = rows;
    yield { rows, count: first === undefined || first['n'] === undefined ? rows.length : num(first, 'n') };
    await breathe();
    after = last;
  }
}

/** What a deletion is to take: what its filter matches and no other deletion hides already. */
async function compileShownOf(sql: SqlRunner, hiding: Hiding): Promise<CompiledFilter> {
  const shown = await shownRows(sql, hiding.generation);
  const compiled = await compileHiding(sql, hiding);
  if (shown.values.length === 0) return compiled;
  return { ...compiled, conditions: [...compiled.conditions, { source: undefined, checked: shown }] };
}

/** Rows that a deletion hides, to be purged, by id. */
export interface Purging {
  readonly deletion: number;
  readonly ids: readonly number[];
}

/** Up to one chunk of the rows of a deletion that hides them and can no longer be undone, behind those before; read outside a write. */
export async function expiredHidden(
  sql: SqlRunner,
  { now, purging }: { readonly now: number; readonly purging: Purging | null },
): Promise<Purging | null> {
  const [row] = await sql.all(
    'SELECT generation, hides FROM unauthorized_deletions WHERE until < ? AND hides IS NOT NULL ORDER BY generation LIMIT 1',
    [now],
  );
  if (row === undefined) return null;
  const filter = await compileHiding(sql, JSON.parse(text(row, 'hides')) as Hiding);
  const deletion = num(row, 'generation');
  const after = purging?.deletion === deletion ? (purging.ids.at(-1) ?? 0) : 0;
  const ids: number[] = [];
  for await (const { rows } of windows(sql, filter, 'c.id AS id', after)) {
    ids.push(...rows.map((found) => num(found, 'id')).sort((a, b) => a - b));
    if (ids.length >= PURGE_CHUNK_ROWS) break;
  }
  return { deletion, ids: ids.slice(0, PURGE_CHUNK_ROWS) };
}

/** Removes rows that {@link expiredHidden} found, or, when there were none left, the deletion's record. */
export async function purgeHidden(sql: SqlRunner, { deletion, ids }: Purging): Promise<number> {
  await lockUnauthorized(sql);
  const [row] = await sql.all('SELECT hides FROM unauthorized_deletions WHERE generation = ?', [deletion]);
  if (row === undefined) return 0;
  if (ids.length === 0) {
    await sql.run('DELETE FROM unauthorized_deletions WHERE generation = ?', [deletion]);
    return 0;
  }
  const { generation, at } = JSON.parse(text(row, 'hides')) as Hiding;
  // A row that was refused again since it was found is shown again.
  return purgeWhere(sql, `id IN (${marks(ids.length)}) AND c.generation = ? AND c.last_at <= ?`, [
    ...ids,
    generation,
    at,
  ]);
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
  await sql.run('DELETE FROM unauthorized_deletions WHERE until < ? AND hides IS NULL', [now]);
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
  limit = PURGE_CHUNK_ROWS,
): Promise<number> {
  const rows = await sql.all(
    `SELECT c.id AS id, d.samples AS samples FROM unauthorized_clients c JOIN unauthorized_details d ON d.id = c.id
     WHERE c.${condition} LIMIT ?`,
    [...values, Math.min(limit, PURGE_CHUNK_ROWS)],
  );
  for (let start = 0; start < rows.length; start += MOVE_CHUNK_ROWS) {
    const some = rows.slice(start, start + MOVE_CHUNK_ROWS);
    await purgeIds(
      sql,
      some.map((row) => num(row, 'id')),
      some.flatMap((row) => (JSON.parse(text(row, 'samples')) as { ref: string }[]).map(({ ref }) => ref)),
    );
    await breathe();
  }
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
