import { num, storable, json, marks, text, tuples, type SqlRunner, type SqlValue } from '../sql.ts';
import type { classDirectory } from './classes.ts';
import { writeIdentities } from './identities.ts';
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
  const ids = await writeClients(sql, generation, writes, classOf);
  const written = writes.map(({ row }, index) => ({ row, id: ids[index] ?? missing(row.key) }));
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
  await writeIdentities(
    sql,
    written.map(({ id, row }, index) => ({ id, row, before: writes[index]?.before?.row })),
  );
  return written;
}

const CLIENT_COLUMNS = [
  'generation',
  'key',
  'class_id',
  'client_id',
  'username',
  'ip',
  'ip_key',
  'first_at',
  'last_at',
  'attempts',
];
// The client ID is not set: it belongs to the key, and its index need not be written again.
const CLIENT_UPDATE = `class_id = excluded.class_id, username = excluded.username, ip = excluded.ip, ip_key = excluded.ip_key,
  first_at = excluded.first_at, last_at = excluded.last_at, attempts = excluded.attempts`;

/** Writes the rows' columns; their ids, in the order given. */
async function writeClients(
  sql: SqlRunner,
  generation: number,
  writes: readonly RowWrite[],
  classOf: ReturnType<typeof classDirectory>,
): Promise<readonly number[]> {
  const rows: SqlValue[][] = [];
  for (const { row } of writes) rows.push(columnsOf(generation, row, await classOf(row)));
  if (sql.dialect === 'postgresql') return upsertByKey(sql, writes, rows);
  let next = writes.some(({ before }) => before === undefined) ? await nextId(sql) : 0;
  const ids = writes.map(({ before }) => before?.id ?? next++);
  const withId = rows.map((row, index): SqlValue[] => [ids[index] ?? 0, ...row]);
  await insertClients(
    sql,
    withId.filter((_, index) => writes[index]?.before === undefined),
    '',
  );
  await insertClients(
    sql,
    withId.filter((_, index) => writes[index]?.before !== undefined),
    `ON CONFLICT (id) DO UPDATE SET ${CLIENT_UPDATE}`,
  );
  return ids;
}

function columnsOf(generation: number, row: StoredRow, classId: number): SqlValue[] {
  return [
    generation,
    row.key,
    classId,
    storable(row.clientId),
    storable(row.username),
    row.ip,
    ipKey(row.ip),
    row.firstAt,
    row.lastAt,
    row.attempts,
  ];
}

/** Several nodes write one PostgreSQL: only it knows which ids are free. */
async function upsertByKey(
  sql: SqlRunner,
  writes: readonly RowWrite[],
  rows: readonly (readonly SqlValue[])[],
): Promise<readonly number[]> {
  const written = await sql.all(
    `INSERT INTO unauthorized_clients (${CLIENT_COLUMNS.join(', ')}) VALUES ${tuples(rows.length, CLIENT_COLUMNS.length)}
     ON CONFLICT (generation, key) DO UPDATE SET ${CLIENT_UPDATE} RETURNING id, key`,
    rows.flat(),
  );
  const ids = new Map(written.map((row) => [text(row, 'key'), num(row, 'id')]));
  return writes.map(({ row }) => ids.get(row.key) ?? missing(row.key));
}

/**
 * The id after the highest that was ever given. SQLite has one writer, so that ids may be chosen here: a statement that
 * returns them row by row takes twice as long.
 */
async function nextId(sql: SqlRunner): Promise<number> {
  const [row] = await sql.all(`SELECT seq FROM sqlite_sequence WHERE name = 'unauthorized_clients'`);
  return row === undefined ? 1 : num(row, 'seq') + 1;
}

async function insertClients(
  sql: SqlRunner,
  rows: readonly (readonly SqlValue[])[],
  onConflict: string,
): Promise<void> {
  if (rows.length === 0) return;
  await sql.run(
    `INSERT INTO unauthorized_clients (id, ${CLIENT_COLUMNS.join(', ')})
     VALUES ${tuples(rows.length, CLIENT_COLUMNS.length + 1)} ${onConflict}`,
    rows.flat(),
  );
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

/** The references that somebody may know: MQTT 5 clients are told theirs where that is on (auth.md §10), others are not. */
function refsOf(row: StoredRow | undefined): ReadonlySet<string> {
  if (row === undefined) return NO_REFS;
  const told = row.samples
    .filter(({ protocol, untold }) => protocol === 5 && untold === undefined)
    .map(({ ref }) => storable(ref));
  const isTold = row.protocol === 5 && row.inside.untold === undefined;
  return new Set(isTold ? [storable(row.inside.ref), ...told] : told);
}

const NO_REFS: ReadonlySet<string> = new Set();

async function writeRefs(
  sql: SqlRunner,
  written: readonly IdentifiedRow[],
  writes: readonly RowWrite[],
): Promise<void> {
  const added: SqlValue[][] = [];
  const gone: string[] = [];
  written.forEach(({ id, row }, index) => {
    const before = refsOf(writes[index]?.before?.row);
    const now = refsOf(row);
    for (const ref of now) if (!before.has(ref)) added.push([ref, id]);
    for (const ref of before) if (!now.has(ref)) gone.push(ref);
  });
  if (added.length > 0) await upsertMany(sql, 'unauthorized_refs', ['ref', 'row_id'], 'ref', added);
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

function missing(key: string): never {
  throw new Error(`row ${key} was written and is not there`);
}
