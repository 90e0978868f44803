import type { BackupValue, StoreRecord } from '@gatehouse/ports';
import { num, text, type Dialect, type Row, type SqlValue } from '../sql.ts';
import { KEPT_TABLES } from './tables.ts';

/** Rows, some at a time, as arrays. */
type Batches = AsyncIterable<readonly (readonly unknown[])[]> | Iterable<readonly (readonly unknown[])[]>;

/** One unchanging view of a database, for as long as it is read. */
export interface Snapshot {
  readonly dialect: Dialect;
  readonly all: (sql: string, values?: readonly SqlValue[]) => Promise<readonly Row[]>;
  /** A query's rows, some at a time. */
  readonly rows: (sql: string) => Batches;
}

/** Everything that a store keeps in tables, a bounded piece at a time. */
export async function* dumpTables(snapshot: Snapshot): AsyncGenerator<StoreRecord, void> {
  const applied = await snapshot.all(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name',
  );
  yield {
    kind: 'schema',
    store: snapshot.dialect,
    migrations: applied.map((row) => text(row, 'name')),
  };
  for (const name of KEPT_TABLES) yield* dumpTable(snapshot, name);
}

async function* dumpTable(snapshot: Snapshot, name: string): AsyncGenerator<StoreRecord, void> {
  const columns = await columnsOf(snapshot, name);
  yield { kind: 'table', name, columns };
  let count = 0;
  for await (const rows of snapshot.rows(`SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)}`)) {
    count += rows.length;
    yield { kind: 'rows', rows: rows.map((row) => row.map(backupValue)) };
  }
  yield { kind: 'table-end', rows: count, numbered: await numberedOf(snapshot, name) };
}

/** A name of ours in SQL. */
export const quoted = (name: string): string => `"${name}"`;

async function columnsOf({ dialect, all }: Snapshot, table: string): Promise<readonly string[]> {
  const rows = await (dialect === 'sqlite'
    ? all('SELECT name FROM pragma_table_info(?) ORDER BY cid', [table])
    : all(
        `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position`,
        [table],
      ));
  return rows.map((row) => text(row, 'name'));
}

/** Numbers are not given twice, also those of rows that are gone. */
async function numberedOf({ dialect, all }: Snapshot, table: string): Promise<number | null> {
  if (dialect === 'sqlite') {
    const [row] = await all('SELECT seq AS value FROM sqlite_sequence WHERE name = ?', [table]);
    return row === undefined ? null : num(row, 'value');
  }
  const [row] = await all(
    `SELECT coalesce(last_value, 0) AS value FROM pg_sequences
     WHERE schemaname = current_schema() AND sequencename LIKE ?`,
    [`${table}\\_%\\_seq`],
  );
  return row === undefined ? null : num(row, 'value');
}

function backupValue(value: unknown): BackupValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`a backup cannot hold a ${typeof value}`);
}
