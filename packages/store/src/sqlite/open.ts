import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StoreOpenError } from '@gatehouse/ports';
import { num, text } from '../sql.ts';
import {
  applyMigrations,
  inspected,
  pendingMigrations,
  readMigrations,
  type Inspection,
} from '../migrations.ts';
import { openConnection, type Connection } from './connection.ts';
import { sqliteTarget } from './migration-target.ts';

/** Files up to this size are checked page by page at start; larger ones by their schema alone. */
const QUICK_CHECK_BYTES_MAX = 64 * 1024 * 1024;
/** Pages (4 KiB) in the write-ahead log after which a commit copies them into the database. */
export const WAL_AUTOCHECKPOINT_PAGES = 4_000;
/** Page cache of the connection that reads. */
const READER_CACHE_KIB = 32 * 1024;
/** Page cache of the one that writes: the rows of a flush are found by key and not read again (docs/adr/0012). */
const WRITER_CACHE_KIB = 16 * 1024;

/** The files of an embedded store. */
function sqliteFiles(dataDir: string): { readonly database: string; readonly lock: string } {
  return { database: join(dataDir, 'main.db'), lock: join(dataDir, 'lock.db') };
}

/** A migrated database file, the one writing connection to it, and the lock that keeps other processes out. */
export interface OpenedFile {
  readonly path: string;
  readonly writer: Connection;
  readonly applied: readonly string[];
  close(): void;
}

/**
 * Opens (or makes) `main.db` in the data directory and migrates it.
 * @throws StoreOpenError in its own words for each thing that may be wrong; the file is then as it was.
 */
export async function openFile(dataDir: string): Promise<OpenedFile> {
  const files = sqliteFiles(dataDir);
  const unlock = lock(dataDir, files.lock);
  let writer: Connection | undefined;
  try {
    const opened = connect(files.database);
    writer = opened;
    const target = sqliteTarget(opened);
    const migrations = readMigrations('sqlite');
    await pendingMigrations(target, migrations);
    configureWriter(opened);
    const applied = await applyMigrations(target, migrations);
    return {
      path: files.database,
      writer: opened,
      applied,
      close: () => {
        // Everything into the one file: what is copied while the server stands still is whole.
        opened.all('PRAGMA wal_checkpoint(TRUNCATE)');
        opened.close();
        unlock();
      },
    };
  } catch (error) {
    writer?.close();
    unlock();
    throw openError(error, files.database);
  }
}

/**
 * What opening would do, without doing it: nothing is made, locked or written. A file that is open elsewhere is read
 * as it is on disk.
 * @throws StoreOpenError as {@link openFile}
 */
export async function inspectFile(dataDir: string): Promise<Inspection> {
  const { database } = sqliteFiles(dataDir);
  const migrations = readMigrations('sqlite');
  if (sizeOf(database) === 0)
    return { state: 'missing', pending: migrations.map(({ name }) => name), settings: {} };
  const url = pathToFileURL(database);
  // Without a log to read, the file alone is the database: then not even the log's index is made beside it.
  url.search = sizeOf(`${database}-wal`) === 0 ? 'immutable=1' : 'mode=ro';
  let reader: Connection | undefined;
  try {
    reader = connect(url.href, sizeOf(database));
    const target = sqliteTarget(reader);
    return await inspected(target, await pendingMigrations(target, migrations));
  } catch (error) {
    throw openError(error, database);
  } finally {
    reader?.close();
  }
}

/** An exclusive transaction on `lock.db`, for as long as the store is open: one process per data directory. */
function lock(dataDir: string, path: string): () => void {
  let connection: Connection | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    connection = openConnection(path);
    connection.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    throw openError(error, path);
  }
  return () => {
    connection.close();
  };
}

function connect(path: string, size = sizeOf(path)): Connection {
  const connection = openConnection(path);
  try {
    // A file that is no database, or whose schema cannot be read, fails here.
    connection.all('SELECT count(*) FROM sqlite_master');
    if (size > 0 && size <= QUICK_CHECK_BYTES_MAX) {
      const [row] = connection.all('PRAGMA quick_check(1)');
      const verdict = row === undefined ? 'no answer' : text(row, 'quick_check');
      if (verdict !== 'ok') throw damaged(path, verdict);
    }
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function configureWriter(connection: Connection): void {
  connection.all('PRAGMA journal_mode = WAL');
  connection.exec(
    `PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA wal_autocheckpoint = ${WAL_AUTOCHECKPOINT_PAGES}`,
  );
}

/** A connection that cannot write; `query_only` also keeps it from checkpointing. */
export function openReader(path: string): Connection {
  const connection = openConnection(path);
  connection.exec(
    `PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${READER_CACHE_KIB}`,
  );
  const dataVersion = async (): Promise<number> => {
    const [row] = await connection.runner.all('PRAGMA data_version');
    return row === undefined ? 0 : num(row, 'data_version');
  };
  return { ...connection, runner: { ...connection.runner, dataVersion } };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function damaged(path: string, found: string): StoreOpenError {
  return new StoreOpenError(
    'damaged',
    `${path} is damaged (${found}). Restore a backup; the file was not changed.`,
  );
}

/** Primary result codes of SQLite. */
const CODE = {
  busy: 5,
  locked: 6,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
} as const;

/** What is wrong, in words, with a database that could not be opened; another error as it is. */
export function openError(error: unknown, path: string): unknown {
  if (error instanceof StoreOpenError || !(error instanceof Error)) return error;
  const raw = 'rawCode' in error && typeof error.rawCode === 'number' ? error.rawCode & 0xff : undefined;
  switch (raw) {
    case CODE.busy:
    case CODE.locked:
      return new StoreOpenError(
        'locked',
        `${path} is in use: another Gatehouse runs on this data directory. Stop it, or choose another data_dir.`,
        { cause: error },
      );
    case CODE.corrupt:
    case CODE.notADatabase:
      return damaged(path, error.message);
    case CODE.readonly:
    case CODE.cantOpen:
    case CODE.full:
    case CODE.ioError:
      return notWritable(path, error);
    default:
      break;
  }
  const system = 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
  // The driver gives no code when the file cannot be opened at all.
  return system || error.message.includes('Unable to open') ? notWritable(path, error) : error;
}

function notWritable(path: string, error: Error): StoreOpenError {
  return new StoreOpenError(
    'not-writable',
    `${path} cannot be written (${error.message}). Check data_dir and its permissions.`,
    { cause: error },
  );
}
