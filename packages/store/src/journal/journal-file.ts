import type { JournalSegment } from '@gatehouse/ports';
import { openConnection, type Connection } from '../sqlite/connection.ts';
import { rollBack } from '../sqlite/roll-back.ts';
import { fitting, READ_SEGMENTS_MAX } from './fitting.ts';

/** Bytes that one step of a deletion frees: some milliseconds between two commits. */
const DELETE_BYTES_MAX = 2_097_152;
const DELETE_SEGMENTS_MAX = 256;
/** Pages (4 KiB) in the write-ahead log after which a commit copies them into the file. */
const WAL_AUTOCHECKPOINT_PAGES = 4_000;
/** Page cache; segments are written once and read once. */
const CACHE_KIB = 4_096;

/** Nobody else opens the file for a moment only. */
const LOCK_WAIT_MS = 0;

/** `journal.db`: one row per segment. Every method is synchronous: the thread has nothing else to do. */
export interface JournalFile {
  /** Writes the segments in one transaction; they are synced when this returns. */
  append(segments: readonly JournalSegment[]): void;
  read(after: number): readonly JournalSegment[];
  /** Deletes some segments before this number; false when none is left. */
  deleteSome(before: number): boolean;
  close(): void;
}

/** What the file is made of. */
export const SEGMENTS_TABLE =
  'CREATE TABLE IF NOT EXISTS segments (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)';

/** Writes the segments in one transaction. */
export function appendSegments(connection: Connection, segments: readonly JournalSegment[]): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const { number, bytes } of segments)
      connection.run('INSERT INTO segments (number, bytes) VALUES (?, ?)', [number, asBuffer(bytes)]);
    connection.exec('COMMIT');
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

/** Opens the file, making it when it is missing. @throws the database's error when it cannot be used. */
export function openJournalFile(path: string): JournalFile {
  const connection = openConnection(path);
  // Held from here on: what is read must not grow under another server's hands, which may hold the directory still.
  connection.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}; PRAGMA locking_mode = EXCLUSIVE`);
  connection.all('PRAGMA journal_mode = WAL');
  connection.exec(
    `PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KIB};
     PRAGMA wal_autocheckpoint = ${WAL_AUTOCHECKPOINT_PAGES};
     ${SEGMENTS_TABLE}`,
  );
  return {
    append: (segments) => {
      appendSegments(connection, segments);
    },
    read: (after) => readSegments(connection, after),
    deleteSome: (before) => {
      const last = endOfStep(connection, before);
      if (last === undefined) return false;
      connection.run('DELETE FROM segments WHERE number <= ?', [last]);
      return true;
    },
    close: () => {
      connection.close();
    },
  };
}

const asBuffer = (bytes: Uint8Array<ArrayBuffer>): Buffer<ArrayBuffer> =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readSegments(connection: Connection, after: number): readonly JournalSegment[] {
  const sizes = connection.table(
    'SELECT number, length(bytes) FROM segments WHERE number > ? ORDER BY number LIMIT ?',
    [after, READ_SEGMENTS_MAX],
  ).rows;
  const last = sizes[fitting(sizes.map(([, length]) => Number(length))) - 1]?.[0];
  if (last === undefined) return [];
  const rows = connection.table(
    'SELECT number, bytes FROM segments WHERE number > ? AND number <= ? ORDER BY number',
    [after, Number(last)],
  ).rows;
  // A copy: the driver's buffers may share memory, and these go to another thread.
  return rows.map(([number, blob]) => ({
    number: Number(number),
    bytes: Uint8Array.from(blob as Uint8Array),
  }));
}

/** The last number that one step deletes. */
function endOfStep(connection: Connection, before: number): number | undefined {
  const sizes = connection.table(
    'SELECT number, length(bytes) FROM segments WHERE number < ? ORDER BY number LIMIT ?',
    [before, DELETE_SEGMENTS_MAX],
  ).rows;
  let bytes = 0;
  let last: number | undefined;
  for (const [number, length] of sizes) {
    bytes += Number(length);
    if (last !== undefined && bytes > DELETE_BYTES_MAX) break;
    last = Number(number);
  }
  return last;
}
