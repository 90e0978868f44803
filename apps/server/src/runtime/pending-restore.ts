import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DataDir } from './data-dir.ts';

/** Where a restore is being made; worth nothing. */
const PARTIAL = 'restore.partial';
/** The same once it is whole: from its renaming on the restore is done, whatever is left to be moved. */
const READY = 'restore.ready';
/** Says that the backup has no journal: one that is there must not be read with the sessions of another store. */
const WITHOUT_JOURNAL = 'without-journal';

/** What a restore puts in place. */
const MAIN = 'main.db';
const JOURNAL = 'journal.db';
const PKI = 'pki';
const KEY = 'secret.key';

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Writes a file of a restore; it is on the disk when this returns. */
export function writeSynced(path: string, bytes: Uint8Array, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, bytes, { mode, flush: true });
  sync(dirname(path));
}

/** An empty directory to make a restore in; what another left there goes. */
export function beginRestore({ path }: DataDir): string {
  const partial = join(path, PARTIAL);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  return partial;
}

/** Throws away what was begun. */
export const abandonRestore = ({ path }: DataDir): void =>
  rmSync(join(path, PARTIAL), { recursive: true, force: true });

/**
 * What was made takes the place of what is there. Killed on the way, it has not begun, or goes on with the next command.
 */
export function commitRestore(dir: DataDir): void {
  const partial = join(dir.path, PARTIAL);
  if (existsSync(join(partial, MAIN)) && !existsSync(join(partial, JOURNAL)))
    writeSynced(join(partial, WITHOUT_JOURNAL), new Uint8Array(), 0o600);
  sync(partial);
  renameSync(partial, join(dir.path, READY));
  sync(dir.path);
  finishRestore(dir);
}

/** Whether a restore is done and not all of it in its place. */
export const isRestorePending = ({ path }: DataDir): boolean => existsSync(join(path, READY));

/** Moves everything to its place, however much of it is there already. The data directory is held. */
export function finishRestore(dir: DataDir): void {
  const ready = join(dir.path, READY);
  const isMade = (name: string): boolean => existsSync(join(ready, name));
  if (isMade(KEY)) {
    // The key may be on another file system.
    const draft = `${dir.secretKeyFile}.restored`;
    writeSynced(draft, readFileSync(join(ready, KEY)), 0o600);
    renameSync(draft, dir.secretKeyFile);
  }
  if (isMade(PKI)) {
    rmSync(dir.pki, { recursive: true, force: true });
    renameSync(join(ready, PKI), dir.pki);
  }
  if (isMade(WITHOUT_JOURNAL)) removeDatabase(join(dir.path, JOURNAL));
  for (const name of [JOURNAL, MAIN]) {
    if (!isMade(name)) continue;
    removeDatabase(join(dir.path, name));
    renameSync(join(ready, name), join(dir.path, name));
  }
  sync(dir.path);
  rmSync(ready, { recursive: true, force: true });
  sync(dir.path);
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}
