import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { messageOf } from '../runtime/failure.ts';
import type { BackupRecord } from './records.ts';

const line = (record: BackupRecord): string => `${JSON.stringify(record)}\n`;

/** The lines of a backup and a last one that seals them; what goes wrong on the way is said in the file itself. */
async function* sealed(records: AsyncIterable<BackupRecord>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let count = 0;
  try {
    for await (const record of records) {
      const text = line(record);
      hash.update(text);
      count += 1;
      yield text;
    }
  } catch (error) {
    yield line({ kind: 'failed', problem: messageOf(error) });
    return;
  }
  yield line({ kind: 'end', records: count, sha256: hash.digest('hex') });
}

/** A backup file's bytes: lines of JSON, compressed; no more of them than are asked for. */
export function backupBytes(records: AsyncIterable<BackupRecord>): Readable {
  const lines = Readable.from(sealed(records), { objectMode: false });
  const gzip = createGzip();
  // Whoever gives up reading ends what is read from, too.
  gzip.once('close', () => lines.destroy());
  lines.once('error', (error) => gzip.destroy(error));
  return lines.pipe(gzip);
}
