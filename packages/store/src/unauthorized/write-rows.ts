import { marks, num, storable, json, text, type SqlRunner, type SqlValue } from '../sql.ts';
import type { classDirectory } from './classes.ts';
import { ipKey } from './ip.ts';
import { STORED_COLUMNS, CLIENT_JOINS, storedFromRow, type StoredRow } from './row.ts';

/** Rows per statement: keeps each one within a few milliseconds on the thread that owns the database. */
export const ROWS_PER_STATEMENT = 32;

/** A stored row and its id. */
export interface IdentifiedRow {
  readonly id: number;
  readonly row: StoredRow;
}

/** Rows of a generation by key. */
export async function rowsByKey(
  sql: SqlRunner,
  generation: number,
  keys: readonly string[],
): Promise<ReadonlyMap<string, IdentifiedRow>> {
  if (keys.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT ${STORED_COLUMNS} FROM unauthorized_clients c ${CLIENT_JOINS}
     WHERE c.generation = ? AND c.key IN (${marks(keys.length)})`,
    [generation, ...keys],
  );
  return new Map(rows.map((row) => [text(row, 'row_key'), { id: num(row, 'id'), row: storedFromRow(row) }]));
}

/** A row to write, and what it replaces: parts that did not change are not written again. */
export interface RowWrite {
  readonly row: StoredRow;
  readonly before: IdentifiedRow | undefined;
}

/** Inserts or replaces at most {@link ROWS_PER_STATEMENT} rows; returns them with their ids, in the order given. */
export async function writeRows(
  sql: SqlRunner,
  generation: number,
  writes: readonly RowWrite[],
  classOf: ReturnType<typeof classDirectory>,
): Promise<readonly IdentifiedRow[]> {
  if (writes.length === 0) return [];
  const ids = await upsertClients(sql, generation, writes, classOf);
  const written = writes.map(({ row }) => ({ row, id: ids.get(row.key) ?? missing(row.key) }));
  await upsertMany(
    sql,
    'unauthorized_details',
    ['id', 'detail_text', 'shown', 'inside', 'samples'],
    'id',
    written.map(({ id, row }) => [
      id,
      storable(detailText(row)),
      json(row.shown),
      json(row.inside),
      json(row.samples),
    ]),
  );
  await writeSearch(
    sql,
    written.filter((_, index) => searchChanged(writes[index])),
  );
  await writeRefs(sql, written, writes);
  return written;
}

async function upsertClients(
  sql: SqlRunner,
  generation: number,
  writes: readonly RowWrite[],
  classOf: ReturnType<typeof classDirectory>,
): Promise<ReadonlyMap<string, number>> {
  const values: SqlValue[] = [];
  for (const { row } of writes) {
    values.push(
      generation,
      row.key,
      await classOf(row),
      storable(row.clientId),
      storable(row.username),
      row.ip,
      ipKey(row.ip),
      row.firstAt,
      row.lastAt,
      row.attempts,
    );
  }
  // The client ID is not in SET: it belongs to the key, and its index need not be written again.
  const rows = await sql.all(
    `INSERT INTO unauthorized_clients
       (generation, key, class_id, client_id, username, ip, ip_key, first_at, last_at, attempts)
     VALUES ${tuples(writes.length, 10)}
     ON CONFLICT (generation, key) DO UPDATE SET class_id = excluded.class_id, username = excluded.username,
       ip = excluded.ip, ip_key = excluded.ip_key, first_at = excluded.first_at, last_at = excluded.last_at,
       attempts = excluded.attempts
     RETURNING id, key`,
    values,
  );
  return new Map(rows.map((row) => [text(row, 'key'), num(row, 'id')]));
}

function searchTexts(row: StoredRow): readonly string[] {
  return [row.clientId, row.username, row.ip, detailText(row)].map(storable);
}

/** The text that a filter by detail looks into. */
function detailText(row: StoredRow): string {
  return Object.values(row.shown.detail).flat().map(String).join(' ');
}

function searchChanged(write: RowWrite | undefined): boolean {
  if (write?.before === undefined) return true;
  const before = searchTexts(write.before.row);
  return searchTexts(write.row).some((value, index) => value !== before[index]);
}

async function writeSearch(sql: SqlRunner, rows: readonly IdentifiedRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (sql.dialect === 'sqlite') {
    await sql.run(
      `REPLACE INTO unauthorized_search (rowid, texts) VALUES ${tuples(rows.length, 2)}`,
      rows.flatMap(({ id, row }) => [id, searchTexts(row).join('\n')]),
    );
    return;
  }
  await upsertMany(
    sql,
    'unauthorized_search',
    ['id', 'client_id', 'username', 'ip', 'detail'],
    'id',
    rows.map(({ id, row }) => [id, ...searchTexts(row)]),
  );
}

async function writeRefs(
  sql: SqlRunner,
  written: readonly IdentifiedRow[],
  writes: readonly RowWrite[],
): Promise<void> {
  const refsOf = (row: StoredRow | undefined): ReadonlySet<string> =>
    new Set(row === undefined ? [] : [row.inside.ref, ...row.samples.map(({ ref }) => ref)].map(storable));
  const added: SqlValue[][] = [];
  const gone: string[] = [];
  written.forEach(({ id, row }, index) => {
    const before = refsOf(writes[index]?.before?.row);
    const now = refsOf(row);
    for (const ref of now) if (!before.has(ref)) added.push([ref, id]);
    for (const ref of before) if (!now.has(ref)) gone.push(ref);
  });
  await upsertMany(sql, 'unauthorized_refs', ['ref', 'row_id'], 'ref', added);
  await deleteRefs(sql, gone);
}

export async function deleteRefs(sql: SqlRunner, refs: readonly string[]): Promise<void> {
  for (let start = 0; start < refs.length; start += REFS_PER_STATEMENT) {
    const some = refs.slice(start, start + REFS_PER_STATEMENT);
    await sql.run(`DELETE FROM unauthorized_refs WHERE ref IN (${marks(some.length)})`, some);
  }
}

const REFS_PER_STATEMENT = 256;

/** Multi-row upsert in statements of a bounded size; the last of two rows with one key wins. */
async function upsertMany(
  sql: SqlRunner,
  table: string,
  columns: readonly string[],
  key: string,
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const unique = [...new Map(rows.map((row) => [row[0], row])).values()];
  const set = columns.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
  for (let start = 0; start < unique.length; start += REFS_PER_STATEMENT) {
    const some = unique.slice(start, start + REFS_PER_STATEMENT);
    await sql.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples(some.length, columns.length)}
       ON CONFLICT (${key}) DO UPDATE SET ${set.join(', ')}`,
      some.flat(),
    );
  }
}

function tuples(count: number, width: number): string {
  const tuple = `(${marks(width)})`;
  return `${tuple}${`, ${tuple}`.repeat(count - 1)}`;
}

function missing(key: string): never {
  throw new Error(`row ${key} was written and is not there`);
}
