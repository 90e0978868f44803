import { parentPort, workerData } from 'node:worker_threads';
import type { StoreRecord } from '@gatehouse/ports';
import { dumpTables } from '../backup/dump.ts';
import { openReader } from './open.ts';

/** What the thread answers each time that it is asked to go on. */
export type DumpAnswer =
  | { readonly kind: 'record'; readonly record: StoreRecord }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** Rows that are handed over at once. */
const ROWS_MAX = 500;

const port = parentPort;
if (port === null) throw new Error('the dump worker runs as a worker thread only');
const { path } = workerData as { readonly path: string };
const connection = openReader(path);
// One transaction: everything that is read is as of its first statement.
connection.exec('BEGIN');

function* rows(sql: string): Generator<readonly (readonly unknown[])[]> {
  let some: (readonly unknown[])[] = [];
  for (const row of connection.iterate(sql)) {
    some.push(row);
    if (some.length < ROWS_MAX) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

const records = dumpTables({
  dialect: 'sqlite',
  all: (sql, values) => connection.runner.all(sql, values),
  rows,
});

async function next(): Promise<DumpAnswer> {
  try {
    const result = await records.next();
    return result.done === true ? { kind: 'done' } : { kind: 'record', record: result.value };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

port.on('message', () => {
  void next().then((answer) => {
    port.postMessage(answer);
    if (answer.kind === 'record') return;
    connection.close();
    port.close();
  });
});
