import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Connection } from './connection.ts';

/** Transactions under way for longer have written much: a second's worth of copying and waiting for the disk. */
const LONG_MS = 500;

/** Commits of one writing connection, whatever their size, without holding up its thread for long. */
export interface Commits {
  /** Commits what began then (`performance.now()`); durable when it resolves. */
  commit(startedMs: number): Promise<void>;
  /** Resolves when nothing is copied in the background any more. */
  idle(): Promise<void>;
}

/** Brings what is in the log to the disk, off this thread: the commit then has little left to wait for. */
async function syncLog(path: string): Promise<void> {
  const log = await open(`${path}-wal`, 'r+');
  try {
    await log.sync();
  } finally {
    await log.close();
  }
}

/** Copies the log into the database on a thread of its own; where that fails, a later commit does it. */
function checkpointAside(path: string): Promise<void> {
  // Workers run built code; under the test runner this module is the source beside it.
  const url = new URL(
    import.meta.url.replace(/\/src\/sqlite\/long-commit\.ts$/, '/dist/sqlite/long-commit.js'),
  );
  const worker = new Worker(new URL('checkpoint-worker.js', url), { workerData: { path } });
  return new Promise((resolve) => {
    worker.once('error', () => undefined);
    worker.once('exit', () => {
      resolve();
    });
  });
}

/**
 * Short transactions commit as they are, and every so many pages (`pagesMax`) one of them copies the log into the
 * database. A long one has its log synced ahead, and copied by another thread once it is committed.
 */
export function createCommits(path: string, connection: Connection, pagesMax: number): Commits {
  let underWay: Promise<void> | undefined;
  const setAutocheckpoint = (pages: number): void => {
    connection.all(`PRAGMA wal_autocheckpoint = ${pages}`);
  };
  return {
    commit: async (startedMs) => {
      if (performance.now() - startedMs < LONG_MS) {
        connection.exec('COMMIT');
        return;
      }
      // Whatever keeps it from that, the commit itself tells.
      await syncLog(path).catch(() => undefined);
      setAutocheckpoint(0);
      try {
        connection.exec('COMMIT');
      } finally {
        const before = underWay ?? Promise.resolve();
        const mine = before
          .then(() => checkpointAside(path))
          .catch(() => undefined)
          .finally(() => {
            if (underWay === mine) setAutocheckpoint(pagesMax);
          });
        underWay = mine;
      }
    },
    idle: async () => {
      await underWay;
    },
  };
}
