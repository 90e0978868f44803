import { BackupUnfitError, type BackupValue, type StoreRecord } from '@gatehouse/ports';
import { applyMigrations, readMigrations, type Migration, type MigrationTarget } from '../migrations.ts';
import { text, tuples, type SqlValue } from '../sql.ts';
import { quoted } from './dump.ts';
import { LEFT_OUT_TABLES } from './tables.ts';

/** Values that one statement inserts at most. */
const VALUES_MAX = 8_000;

/** An empty database that rows are loaded into, and what lies beside its tables. */
export interface LoadTarget extends MigrationTarget {
  /** The migrations are through and all rows are there: what only then can be checked or made. */
  readonly finish: () => Promise<void>;
  segment(number: number, bytes: Buffer<ArrayBuffer>): Promise<void>;
}

interface OpenTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Which of them hold yes or no. */
  readonly booleans: ReadonlySet<number>;
  rows: number;
}

/**
 * Loads what a store has told: its schema is made as it was there, the rows are put in, and what came later in the schema's
 * history is applied to them. @throws BackupUnfitError when it is not what this version can take
 */
export async function loadStore(target: LoadTarget, records: AsyncIterable<StoreRecord>): Promise<void> {
  const loader = new Loader(target);
  for await (const record of records) await loader.take(record);
  await loader.end();
}

/**
 * The migrations that bring an empty database to where a backup's was, whichever kind that was.
 * @throws BackupUnfitError `newer` when it has had one that this version does not know
 */
export function migrationsAt(
  names: readonly string[],
  target: MigrationTarget['dialect'],
): readonly Migration[] {
  const known = new Set(
    (['sqlite', 'postgresql'] as const).flatMap((dialect) => readMigrations(dialect).map(({ name }) => name)),
  );
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new BackupUnfitError(
      'newer',
      `The backup is of a newer version of Gatehouse (migration ${unknown}). Restore it with that version or a later one.`,
    );
  const last = names.toSorted().at(-1) ?? '';
  return readMigrations(target).filter(({ name }) => name <= last);
}

class Loader {
  readonly #target: LoadTarget;
  #table: OpenTable | undefined;
  #hasSchema = false;
  #tablesAreDone = false;

  constructor(target: LoadTarget) {
    this.#target = target;
  }

  async take(record: StoreRecord): Promise<void> {
    if (record.kind !== 'schema' && !this.#hasSchema) throw unfit('its first record is not a schema');
    switch (record.kind) {
      case 'schema':
        await applyMigrations(this.#target, migrationsAt(record.migrations, this.#target.dialect));
        this.#hasSchema = true;
        return;
      case 'table':
        await this.#open(record.name, record.columns);
        return;
      case 'rows':
        await this.#insert(record.rows);
        return;
      case 'table-end':
        await this.#close(record.rows, record.numbered);
        return;
      case 'segment':
        await this.#finishTables();
        await this.#target.segment(record.number, Buffer.from(record.bytes, 'base64'));
        return;
    }
  }

  async end(): Promise<void> {
    if (!this.#hasSchema) throw unfit('it has no schema');
    await this.#finishTables();
  }

  async #open(name: string, columns: readonly string[]): Promise<void> {
    if (this.#table !== undefined || this.#tablesAreDone) throw unfit(`table ${name} is out of place`);
    if (!isOurs(name)) throw unfit(`it has a table ${JSON.stringify(name)}`);
    const types = await this.#typesOf(name);
    const unknown = columns.find((column) => !types.has(column));
    if (columns.length === 0 || unknown !== undefined)
      throw unfit(`table ${name} has a column ${JSON.stringify(unknown ?? '')}`);
    const booleans = new Set(
      columns.flatMap((column, index) => (types.get(column) === 'boolean' ? [index] : [])),
    );
    // A row that a migration has put there comes with the backup. From the audit nothing is deleted, not even no row.
    const seeded = await this.#target.all(`SELECT 1 AS one FROM ${quoted(name)} LIMIT 1`);
    if (seeded.length > 0) await this.#target.run(`DELETE FROM ${quoted(name)}`, []);
    this.#table = { name, columns, booleans, rows: 0 };
  }

  async #insert(rows: readonly (readonly BackupValue[])[]): Promise<void> {
    const table = this.#table;
    if (table === undefined) throw unfit('it has rows of no table');
    const width = table.columns.length;
    if (rows.some((row) => row.length !== width))
      throw unfit(`a row of ${table.name} has not ${width} values`);
    const into = `INSERT INTO ${quoted(table.name)} (${table.columns.map(quoted).join(', ')})`;
    const rowsMax = Math.max(1, Math.floor(VALUES_MAX / width));
    for (let start = 0; start < rows.length; start += rowsMax) {
      const some = rows.slice(start, start + rowsMax);
      const values = some.flatMap((row) =>
        row.map((value, index) => bound(value, table.booleans.has(index))),
      );
      await this.#target.run(`${into} VALUES ${tuples(some.length, width)}`, values);
    }
    table.rows += rows.length;
  }

  async #close(rows: number, numbered: number | null): Promise<void> {
    const table = this.#table;
    if (table?.rows !== rows) throw unfit(`table ${table?.name ?? ''} has not the ${rows} rows that it says`);
    this.#table = undefined;
    if (numbered !== null) await this.#number(table.name, numbered);
  }

  /** Goes on behind the numbers that were given there. */
  async #number(table: string, last: number): Promise<void> {
    const { dialect } = this.#target;
    if (dialect === 'sqlite') {
      await this.#target.run('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
      await this.#target.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, last]);
      return;
    }
    const [row] = await this.#target.all(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = current_schema() AND table_name = ? AND is_identity = 'YES'`,
      [table],
    );
    if (row === undefined || last < 1) return;
    await this.#target.all(`SELECT setval(pg_get_serial_sequence(?, ?), ?)`, [
      quoted(table),
      text(row, 'name'),
      last,
    ]);
  }

  async #typesOf(table: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#target.all(
      this.#target.dialect === 'sqlite'
        ? 'SELECT name, lower(type) AS type FROM pragma_table_info(?)'
        : `SELECT column_name AS name, data_type AS type FROM information_schema.columns
           WHERE table_schema = current_schema() AND table_name = ?`,
      [table],
    );
    return new Map(rows.map((row) => [text(row, 'name'), text(row, 'type')]));
  }

  async #finishTables(): Promise<void> {
    if (this.#tablesAreDone) return;
    if (this.#table !== undefined) throw unfit(`table ${this.#table.name} has no end`);
    await applyMigrations(this.#target, readMigrations(this.#target.dialect));
    await this.#target.run(FILL_SEARCH[this.#target.dialect], []);
    this.#tablesAreDone = true;
    await this.#target.finish();
  }
}

/** The index of the texts of refused clients, as each of them is put into it (unauthorized/write-rows.ts). */
const FILL_SEARCH = {
  sqlite: `INSERT INTO unauthorized_search (rowid, texts)
    SELECT c.id, c.client_id || char(10) || c.username || char(10) || c.ip || char(10) || d.detail_text
    FROM unauthorized_clients c JOIN unauthorized_details d ON d.id = c.id`,
  postgresql: `INSERT INTO unauthorized_search (id, client_id, username, ip, detail)
    SELECT c.id, c.client_id, c.username, c.ip, d.detail_text
    FROM unauthorized_clients c JOIN unauthorized_details d ON d.id = c.id`,
} as const;

/** Also a table that has gone since: its rows are taken in before it goes. */
const isOurs = (name: string): boolean =>
  /^[a-z][a-z0-9_]{0,62}$/.test(name) && !LEFT_OUT_TABLES.some((one) => one === name);

/** SQLite keeps yes and no as numbers. */
const bound = (value: BackupValue, isBoolean: boolean): SqlValue =>
  isBoolean && typeof value === 'number' ? value !== 0 : value;

const unfit = (what: string): BackupUnfitError =>
  new BackupUnfitError('damaged', `The backup cannot be used: ${what}.`);
