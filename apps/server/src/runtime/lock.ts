import { chmodSync } from 'node:fs';
import Database from 'libsql';
import type { DataDir } from './data-dir.ts';
import { codeOf, Failure, messageOf } from './failure.ts';
import { readRunFile } from './run-file.ts';

/** The exclusive hold on a data directory; ends with the process, however that ends. */
export interface DataDirLock {
  release(): void;
}

/** What to say when another process holds the data directory: who, if it is a server that has told so. */
export function whoHolds(dir: DataDir): string {
  const holder = readRunFile(dir);
  const who =
    holder === undefined
      ? 'Another gatehouse process'
      : `A server (pid ${holder.pid}, since ${holder.startedAt})`;
  return `${who} is using the data directory ${dir.path}.\nStop it first, or choose another directory with --set data_dir=PATH.`;
}

/**
 * Takes the lock: an exclusive transaction on `lock.db`, which the system ends when the process dies. The SQLite store
 * does the same by itself.
 */
export function acquireLockOrFail(dir: DataDir): DataDirLock {
  let database: Database.Database | undefined;
  try {
    database = new Database(dir.lockFile, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    chmodSync(dir.lockFile, 0o600);
  } catch (error) {
    database?.close();
    if (codeOf(error) === 'SQLITE_BUSY') throw new Failure(whoHolds(dir));
    throw new Failure(
      `The lock file ${dir.lockFile} cannot be used: ${messageOf(error)}. It holds no data: remove it and start again.`,
    );
  }
  const held = database;
  return { release: () => void held.close() };
}
