import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupMaker, HeldJournal, Store } from '@gatehouse/ports';
import { codeOf } from '../runtime/failure.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { VERSION } from '../runtime/version.ts';
import { keyIdOf } from './key-id.ts';
import { FORMAT, type BackupRecord, type FileRecord } from './records.ts';
import { backupBytes } from './write.ts';

/** What a backup is made of. */
export interface BackupSources {
  readonly dir: DataDir;
  readonly store: Store;
  readonly secretKey: Uint8Array;
  /** Undefined where the journal is in memory, or in the store itself. */
  readonly holdJournal: () => Promise<HeldJournal | undefined>;
  /** Others run beside this server. */
  readonly hasOthers: boolean;
}

const MODE_BITS = 0o777;

function* filesBelow(folder: string, name: string): Generator<FileRecord> {
  let names: readonly string[];
  try {
    names = readdirSync(folder).toSorted();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  for (const one of names) {
    const path = join(folder, one);
    const stats = statSync(path);
    if (stats.isDirectory()) yield* filesBelow(path, `${name}/${one}`);
    // A draft that is about to be renamed is none of them.
    else if (!one.endsWith('.tmp'))
      yield {
        kind: 'file',
        path: `${name}/${one}`,
        mode: stats.mode & MODE_BITS,
        bytes: readFileSync(path).toString('base64'),
      };
  }
}

async function* segmentsOf(journal: HeldJournal): AsyncGenerator<BackupRecord> {
  let { after } = journal;
  while (after < journal.until) {
    const some = await journal.read(after);
    if (some.length === 0) return;
    for (const { number, bytes } of some) {
      after = number;
      if (number > journal.until) return;
      const { buffer, byteOffset, byteLength } = bytes;
      yield {
        kind: 'segment',
        number,
        bytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
      };
    }
  }
}

async function* recordsOf(sources: BackupSources, withKey: boolean): AsyncGenerator<BackupRecord> {
  const { dir, store, secretKey } = sources;
  // Held first: what was acknowledged until now is in it, however long the rest takes.
  const journal = await sources.holdJournal();
  try {
    yield {
      kind: 'backup',
      format: FORMAT,
      gatehouse: VERSION,
      createdAt: new Date().toISOString(),
      keyId: keyIdOf(secretKey),
      withKey,
    };
    yield* store.dump();
    if (journal !== undefined) yield* segmentsOf(journal);
    yield* filesBelow(dir.pki, 'pki');
    if (withKey) yield { kind: 'secret-key', key: Buffer.from(secretKey).toString('base64url') };
  } finally {
    await journal?.release();
  }
}

/** Makes backups of a server, one at a time. */
export function createBackupMaker(sources: BackupSources): BackupMaker {
  let isBusy = false;
  return {
    make: ({ withKey }) => {
      if (sources.hasOthers) return 'several-nodes';
      if (isBusy) return 'busy';
      isBusy = true;
      const bytes = backupBytes(recordsOf(sources, withKey));
      bytes.once('close', () => {
        isBusy = false;
      });
      return bytes;
    },
  };
}
