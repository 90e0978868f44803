import Libsql from 'libsql';
import type { Row, SqlRunner, SqlValue } from '../sql.ts';

/** Prepared statements kept per connection; the least recently used goes first. */
const STATEMENTS_MAX = 256;
/** A statement waits this long for another connection's lock. */
const BUSY_TIMEOUT_MS = 5_000;

type Statement = Libsql.Statement;
type Bound = string | number | bigint | null | Buffer;

/** One SQLite connection with its prepared statements. Synchronous; belongs to the thread that opened it. */
export interface Connection {
  readonly runner: SqlRunner;
  exec(script: string): void;
  all(sql: string, values?: readonly SqlValue[]): Row[];
  run(sql: string, values?: readonly (SqlValue | Buffer)[]): number;
  /** Rows as arrays, with the columns' names and declared types. */
  table(sql: string, values: readonly SqlValue[]): Table;
  /** Rows as arrays, one after the other; none are held. */
  iterate(sql: string): Iterable<readonly unknown[]>;
  close(): void;
}

interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string | null }[];
  readonly rows: readonly (readonly unknown[])[];
}

export function openConnection(path: string): Connection {
  const database = new Libsql(path);
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA foreign_keys = ON`);
  const statements = new Map<string, Statement>();
  const rawStatements = new Map<string, Statement>();

  const prepared = (cache: Map<string, Statement>, sql: string, raw: boolean): Statement => {
    const known = cache.get(sql);
    if (known !== undefined) {
      cache.delete(sql);
      cache.set(sql, known);
      return known;
    }
    const statement = database.prepare(sql);
    if (raw) statement.raw();
    cache.set(sql, statement);
    const [oldest] = cache.keys();
    if (cache.size > STATEMENTS_MAX && oldest !== undefined) cache.delete(oldest);
    return statement;
  };

  const all = (sql: string, values: readonly SqlValue[] = []): Row[] =>
    prepared(statements, sql, false).all(values.map(bindable)) as Row[];
  const run = (sql: string, values: readonly (SqlValue | Buffer)[] = []): number =>
    prepared(statements, sql, false).run(values.map(bindable)).changes;

  return {
    runner: {
      dialect: 'sqlite',
      all: (sql, values) => attempt(() => all(sql, values)),
      run: (sql, values) => attempt(() => run(sql, values)),
    },
    exec: (script) => {
      database.exec(script);
    },
    all,
    run,
    table: (sql, values) => {
      const statement = prepared(rawStatements, sql, true);
      return {
        columns: statement.columns().map(({ name, type }) => ({ name, type })),
        rows: statement.all(values.map(bindable)) as unknown[][],
      };
    },
    iterate: (sql) => database.prepare(sql).raw().iterate() as Iterable<readonly unknown[]>,
    close: () => {
      statements.clear();
      rawStatements.clear();
      database.close();
    },
  };
}

/** The driver aborts the process when it is given a boolean. */
function bindable(value: SqlValue | Buffer): Bound {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The runner's promise carries what the synchronous driver throws. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
