import { type DataDir, prepareDataDir } from './data-dir.ts';
import { acquireLockOrFail } from './lock.ts';
import { finishRestore, isRestorePending } from './pending-restore.ts';

/**
 * Makes the data directory where it is missing, and moves to its place what a restore that was killed in its last steps
 * has left to be moved. Throws `Failure` in words when the directory cannot be used.
 */
export function settleDataDir(dir: DataDir): void {
  prepareDataDir(dir);
  if (!isRestorePending(dir)) return;
  const lock = acquireLockOrFail(dir);
  try {
    finishRestore(dir);
  } finally {
    lock.release();
  }
}
