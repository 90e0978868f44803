import { existsSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreOpenError, type StoreRecord } from '@gatehouse/ports';
import { checkBackupSchema, restorePostgresql, restoreSqlite } from '@gatehouse/store';
import type { Config } from '../config/schema.ts';
import { nodeName } from '../runtime/addresses.ts';
import { type DataDir, readSecretKey } from '../runtime/data-dir.ts';
import { settleDataDir } from '../runtime/settled-dir.ts';
import { codeOf, Failure, messageOf } from '../runtime/failure.ts';
import { acquireLockOrFail } from '../runtime/lock.ts';
import { abandonRestore, beginRestore, commitRestore, writeSynced } from '../runtime/pending-restore.ts';
import { VERSION } from '../runtime/version.ts';
import { keyIdOf } from './key-id.ts';
import { readBackup } from './read.ts';
import { isOfStore, type FileRecord } from './records.ts';
import { contentId, inWords, summarize, type BackupSummary } from './summary.ts';

const CA = 'pki/ca.crt';
const KEY_MODE = 0o600;
const FORCE_REPLACES = 'or replace what is there with --force';

interface RestoreTarget {
  readonly config: Config;
  readonly dir: DataDir;
  readonly force: boolean;
}

/** What came of it. */
export interface Restored {
  readonly summary: BackupSummary;
  /** `missing`: what is sealed in the store cannot be opened. */
  readonly key: 'restored' | 'kept' | 'missing';
}

/**
 * Puts a backup into the place that the configuration names. The file is verified before anything is touched, and killed at
 * any point everything is as it was, or as it was in the backup. Throws `Failure` in words.
 */
export async function restoreBackup(file: string, target: RestoreTarget): Promise<Restored> {
  const { dir } = target;
  const summary = await summarize(file);
  try {
    checkBackupSchema(summary.migrations);
  } catch (error) {
    throw inWords(error);
  }
  settleDataDir(dir);
  const lock = acquireLockOrFail(dir);
  try {
    checkPlace(target);
    checkAuthority(summary, target);
    const key = keyOutcome(summary, target);
    const partial = beginRestore(dir);
    await load(storePart(file, partial), partial, target);
    commitRestore(dir);
    return { summary, key };
  } catch (error) {
    abandonRestore(dir);
    throw told(error, dir);
  } finally {
    lock.release();
  }
}

function told(error: unknown, dir: DataDir): unknown {
  const known = inWords(error, ` Choose an empty place, ${FORCE_REPLACES}.`);
  if (known instanceof Failure) return known;
  if (codeOf(error) === 'ENOSPC' || /disk is full/i.test(messageOf(error)))
    return new Failure(
      `There is not enough space in ${dir.path} for the restored data. Nothing was changed: make room and restore again.`,
      undefined,
      { cause: error },
    );
  if (error instanceof StoreOpenError) return new Failure(error.message, undefined, { cause: error });
  return error;
}

/** Records of the store; what else the backup holds is written on the way. */
async function* storePart(file: string, partial: string): AsyncGenerator<StoreRecord> {
  for await (const record of readBackup(file)) {
    if (isOfStore(record)) yield record;
    else if (record.kind === 'file') writeFile(partial, record);
    else if (record.kind === 'secret-key')
      writeSynced(join(partial, 'secret.key'), Buffer.from(`${record.key}\n`), KEY_MODE);
  }
}

const writeFile = (partial: string, { path, mode, bytes }: FileRecord): void =>
  writeSynced(join(partial, path), Buffer.from(bytes, 'base64'), mode);

function load(
  records: AsyncIterable<StoreRecord>,
  partial: string,
  { config, force }: RestoreTarget,
): Promise<void> {
  const url = config.database_url.reveal();
  if (url === '') return restoreSqlite(partial, records);
  return restorePostgresql(
    { url, node: nodeName(config), version: VERSION, host: hostname(), force },
    records,
  );
}

/** That of PostgreSQL is checked in the transaction that fills it. */
function checkPlace({ config, dir, force }: RestoreTarget): void {
  if (force || config.database_url.reveal() !== '') return;
  const found = ['main.db', 'journal.db'].filter(
    (name) => (statSync(join(dir.path, name), { throwIfNoEntry: false })?.size ?? 0) > 0,
  );
  if (found.length > 0)
    throw new Failure(
      `The data directory ${dir.path} has data already (${found.join(', ')}). Choose an empty one with --set data_dir=PATH, ${FORCE_REPLACES}.`,
    );
}

function checkAuthority({ files }: BackupSummary, { dir, force }: RestoreTarget): void {
  const path = join(dir.pki, 'ca.crt');
  if (force || files[CA] === undefined || !existsSync(path)) return;
  if (contentId(readFileSync(path)) !== files[CA])
    throw new Failure(
      `${dir.pki} has another authority than the backup. Choose an empty data directory, ${FORCE_REPLACES}.`,
    );
}

function keyOutcome({ head }: BackupSummary, { dir, force }: RestoreTarget): Restored['key'] {
  const found = existsSync(dir.secretKeyFile) ? keyIdOf(readSecretKey(dir)) : undefined;
  if (found === head.keyId) return 'kept';
  if (found !== undefined && !force)
    throw new Failure(
      `${dir.secretKeyFile} is another secret key than that of the backup. Put the right one there, ${FORCE_REPLACES}.`,
    );
  if (head.withKey) return 'restored';
  if (!force)
    throw new Failure(
      `The backup does not hold the secret key that its secrets are sealed under. Put the server's secret.key at ${dir.secretKeyFile} (mode 0600) first; or restore without it by --force, and set every sealed secret anew.`,
    );
  return 'missing';
}
