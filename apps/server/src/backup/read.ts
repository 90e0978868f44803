import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { codeOf, Failure, messageOf } from '../runtime/failure.ts';
import { FORMAT, isHead, parseRecord, type BackupRecord } from './records.ts';

const NEWLINE = 0x0a;

async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)]).toString('utf8');
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

/** What reading the file threw, in words. */
function unreadable(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const because = { cause: error };
  if (code === 'ENOENT') return new Failure(`There is no file ${path}.`, undefined, because);
  if (code === 'EISDIR') return new Failure(`${path} is a directory, not a backup.`, undefined, because);
  if (code === 'Z_BUF_ERROR') return new Failure(cutShort(path), undefined, because);
  if (code === 'Z_DATA_ERROR')
    return messageOf(error) === 'incorrect header check'
      ? new Failure(noBackup(path), undefined, because)
      : new Failure(damaged(path, messageOf(error)), undefined, because);
  return new Failure(`${path} cannot be read: ${messageOf(error)}.`, undefined, because);
}

const noBackup = (path: string): string =>
  `${path} is not a backup of Gatehouse. \`gatehouse backup FILE\` makes one.`;
const cutShort = (path: string): string =>
  `The backup ${path} ends too early: it was cut off. Copy it again, or take another.`;
const damaged = (path: string, what: string): string =>
  `The backup ${path} is damaged: ${what}. Copy it again, or take another.`;

/**
 * A backup's records from its first to its last, which is not handed over: the checksum is right when the iteration ends
 * well. Throws `Failure` in words otherwise.
 */
export async function* readBackup(path: string): AsyncGenerator<BackupRecord> {
  const gunzip = createGunzip();
  const fed = pipeline(createReadStream(path), gunzip);
  // The iteration below throws it.
  fed.catch(() => undefined);
  try {
    yield* checked(path, linesOf(gunzip));
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    gunzip.destroy();
  }
}

async function* checked(path: string, lines: AsyncIterable<string>): AsyncGenerator<BackupRecord> {
  const hash = createHash('sha256');
  let records = 0;
  let isSealed = false;
  for await (const line of lines) {
    const record = parseRecord(line);
    if (isSealed) throw new Failure(damaged(path, 'something follows its end'));
    if (records === 0) checkHead(path, record);
    if (record === undefined) throw new Failure(damaged(path, `line ${records + 1} is none of a backup`));
    if (record.kind === 'failed') throw new Failure(`The backup ${path} was not finished: ${record.problem}`);
    if (record.kind === 'end') {
      if (record.records !== records || record.sha256 !== hash.digest('hex'))
        throw new Failure(damaged(path, 'its checksum is another'));
      isSealed = true;
      continue;
    }
    hash.update(`${line}\n`);
    records += 1;
    yield record;
  }
  if (!isSealed) throw new Failure(records === 0 ? noBackup(path) : cutShort(path));
}

function checkHead(path: string, record: BackupRecord | undefined): void {
  if (!isHead(record)) throw new Failure(noBackup(path));
  if (record.format !== FORMAT)
    throw new Failure(
      `The backup ${path} has format ${record.format}, made by Gatehouse ${record.gatehouse}; this version reads format ${FORMAT}. Restore it with that version or a later one.`,
    );
}
