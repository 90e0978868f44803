import { createHash } from 'node:crypto';
import { BackupUnfitError } from '@gatehouse/ports';
import { Failure } from '../runtime/failure.ts';
import { readBackup } from './read.ts';
import { isHead, type BackupHead } from './records.ts';

/** What a backup holds. */
export interface BackupSummary {
  readonly head: BackupHead;
  readonly store: 'sqlite' | 'postgresql';
  readonly migrations: readonly string[];
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  /** Batches of the journal: sessions, subscriptions, queued and retained messages. */
  readonly segments: number;
  /** SHA-256 of the contents by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads a backup from end to end. Throws `Failure` in words unless every byte of it is as it was written. */
export async function summarize(path: string): Promise<BackupSummary> {
  let head: BackupHead | undefined;
  let schema: Pick<BackupSummary, 'store' | 'migrations'> | undefined;
  const tables: Record<string, number> = {};
  const files: Record<string, string> = {};
  let table = '';
  let segments = 0;
  for await (const record of readBackup(path)) {
    if (isHead(record)) head = record;
    else if (record.kind === 'schema') schema = record;
    else if (record.kind === 'table') table = record.name;
    else if (record.kind === 'table-end') tables[table] = record.rows;
    else if (record.kind === 'segment') segments += 1;
    else if (record.kind === 'file') files[record.path] = contentId(Buffer.from(record.bytes, 'base64'));
  }
  if (head === undefined || schema === undefined) throw new Failure(`The backup ${path} has no schema.`);
  return { head, store: schema.store, migrations: schema.migrations, tables, segments, files };
}

/** Tells whether two files are the same. */
export const contentId = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A refusal of the store in the command's words. */
export const inWords = (error: unknown, more = ''): unknown =>
  error instanceof BackupUnfitError
    ? new Failure(`${error.message}${more}`, undefined, { cause: error })
    : error;
