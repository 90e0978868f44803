import { open } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { BackupUnfitError, type JournalSegment, type StoreRecord } from '@gatehouse/ports';
import { appendSegments, SEGMENTS_TABLE } from '../journal/journal-file.ts';
import { ADVISORY_LOCK } from '../postgresql/advisory-lock.ts';
import { CONNECT_TIMEOUT_MS, openError, postgresqlTarget } from '../postgresql/migrate.ts';
import type { MigrationTarget } from '../migrations.ts';
import { num, text } from '../sql.ts';
import { type Connection, openConnection } from '../sqlite/connection.ts';
import { sqliteTarget } from '../sqlite/migration-target.ts';
import { quoted } from './dump.ts';
import { loadStore, migrationsAt } from './load.ts';
import { KEPT_TABLES, LEFT_OUT_TABLES, POSTGRESQL_FUNCTIONS } from './tables.ts';

/** Bytes of the journal that one transaction writes. */
const SEGMENTS_BYTES_MAX = 4_194_304;

/** @throws BackupUnfitError `newer` when this version cannot take a backup of such a schema */
export const checkBackupSchema = (migrations: readonly string[]): void =>
  void migrationsAt(migrations, 'sqlite');

/**
 * Makes `main.db` and, where there are sessions, `journal.db` in an empty directory; everything is on the disk when it
 * resolves. @throws BackupUnfitError
 */
export async function restoreSqlite(directory: string, records: AsyncIterable<StoreRecord>): Promise<void> {
  const path = join(directory, 'main.db');
  const connection = newFile(path);
  const journal = new SegmentWriter(join(directory, 'journal.db'));
  try {
    const target = {
      ...sqliteTarget(connection),
      finish: () => {
        const [stray] = connection.all('PRAGMA foreign_key_check');
        if (stray === undefined) return Promise.resolve();
        throw new BackupUnfitError(
          'damaged',
          `A row of ${text(stray, 'table')} refers to one that is not there.`,
        );
      },
      segment: (number: number, bytes: Buffer<ArrayBuffer>) => {
        journal.add({ number, bytes });
        return Promise.resolve();
      },
    };
    await loadStore(target, records);
    journal.flush();
  } finally {
    connection.close();
    journal.close();
  }
  for (const made of [path, ...journal.paths]) await syncFile(made);
}

/** Nobody has this file yet: whole or thrown away, it is synced once at the end. */
function newFile(path: string): Connection {
  const connection = openConnection(path);
  connection.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF');
  connection.all('PRAGMA journal_mode = MEMORY');
  return connection;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes the journal some segments at a time; makes no file where there are none. */
class SegmentWriter {
  readonly #path: string;
  #file: Connection | undefined;
  #waiting: JournalSegment[] = [];
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(segment: JournalSegment): void {
    this.#waiting.push(segment);
    this.#bytes += segment.bytes.byteLength;
    if (this.#bytes > SEGMENTS_BYTES_MAX) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    appendSegments((this.#file ??= this.#open()), this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
  }

  close(): void {
    this.#file?.close();
  }

  /** The file, where there is one. */
  get paths(): readonly string[] {
    return this.#file === undefined ? [] : [this.#path];
  }

  #open(): Connection {
    const file = newFile(this.#path);
    file.exec(SEGMENTS_TABLE);
    return file;
  }
}

/** A database that a backup is restored into, and who is going to go on with its sessions. */
export interface PostgresqlRestore {
  readonly url: string;
  readonly node: string;
  readonly version: string;
  readonly host: string;
  /** What is in the database goes. */
  readonly force: boolean;
}

/**
 * Puts everything into the database in one transaction: killed half-way, it is as it was.
 * @throws BackupUnfitError; `not-empty` without `force`, `in-use` while a server runs on it
 * @throws StoreOpenError when the database cannot be used
 */
export async function restorePostgresql(
  restore: PostgresqlRestore,
  records: AsyncIterable<StoreRecord>,
): Promise<void> {
  const client = new pg.Client({
    connectionString: restore.url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'gatehouse restore',
  });
  // The statement under way tells that the connection broke.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.migrations})`);
    await client.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.nodes})`);
    // All migrations and rows are one transaction.
    const target: MigrationTarget = { ...postgresqlTarget(client), atomically: (work) => work() };
    await checkUnused(target);
    if (!restore.force && (await holdsRows(target)))
      throw new BackupUnfitError('not-empty', 'The database has data already.');
    await empty(client);
    await loadStore(
      {
        ...target,
        finish: () => addNode(client, restore),
        segment: async (number, bytes) => {
          await client.query('INSERT INTO journal_segments (node_id, number, bytes) VALUES ($1, $2, $3)', [
            restore.node,
            number,
            bytes,
          ]);
        },
      },
      records,
    );
    await client.query('COMMIT');
  } catch (error) {
    throw error instanceof BackupUnfitError ? error : openError(error);
  } finally {
    // Ends an open transaction without a trace.
    await client.end();
  }
}

async function checkUnused(target: MigrationTarget): Promise<void> {
  if (!(await target.tables()).includes('nodes')) return;
  const [row] = await target.all(
    'SELECT node_id, host FROM nodes WHERE lease_until > clock_timestamp() LIMIT 1',
  );
  if (row !== undefined)
    throw new BackupUnfitError(
      'in-use',
      `A server runs as node ${JSON.stringify(text(row, 'node_id'))} on this database (on ${text(row, 'host')}). Stop it first.`,
    );
}

/** Whether any table that a backup holds has a row that no migration puts there. */
async function holdsRows(target: MigrationTarget): Promise<boolean> {
  const tables = await target.tables();
  for (const name of KEPT_TABLES) {
    if (name === 'unauthorized_state' || !tables.includes(name)) continue;
    const [row] = await target.all(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${quoted(name)} LIMIT 1) AS found`,
    );
    if (row !== undefined && num(row, 'n') > 0) return true;
  }
  return false;
}

/** Takes our tables away, and with them what keeps the audit from being changed. */
async function empty(client: pg.ClientBase): Promise<void> {
  const tables = [...LEFT_OUT_TABLES, ...KEPT_TABLES].map(quoted).join(', ');
  await client.query(`DROP TABLE IF EXISTS ${tables} CASCADE`);
  for (const name of POSTGRESQL_FUNCTIONS) await client.query(`DROP FUNCTION IF EXISTS ${quoted(name)}`);
}

/** The next server takes this place, or inherits from it under a name of its own. */
async function addNode(client: pg.ClientBase, { node, version, host }: PostgresqlRestore): Promise<void> {
  await client.query(
    `INSERT INTO nodes (node_id, incarnation, holder, lease_until, started_at, version, host)
     VALUES ($1, 0, '', clock_timestamp(), now(), $2, $3)`,
    [node, version, host],
  );
}
