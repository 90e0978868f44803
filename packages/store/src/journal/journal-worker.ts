import { parentPort, workerData } from 'node:worker_threads';
import type { JournalSegment } from '@gatehouse/ports';
import { openJournalFile } from './journal-file.ts';
import type { JournalAnswer, JournalRequest } from './journal-store.ts';

/** Milliseconds until a batch that could not be written is tried again. */
const RETRY_MS = 500;

const port = parentPort;
if (port === null) throw new Error('the journal worker runs as a worker thread only');
const { path } = workerData as { readonly path: string };
const file = openJournalFile(path);
const answer = (message: JournalAnswer, transfer: readonly ArrayBuffer[] = []): void => {
  port.postMessage(message, [...transfer]);
};

/** Batches that arrived and are not written yet: all of them go into the next transaction. */
let waiting: JournalSegment[] = [];
let failing = false;
let scheduled = false;
let dropBefore = 0;

port.on('message', (request: JournalRequest) => {
  switch (request.kind) {
    case 'append':
      waiting.push(request.segment);
      if (!failing) work();
      return;
    case 'read': {
      const segments = file.read(request.after);
      answer(
        { kind: 'segments', segments },
        segments.map(({ bytes }) => bytes.buffer),
      );
      return;
    }
    case 'drop-before':
      dropBefore = Math.max(dropBefore, request.number);
      work();
      return;
    case 'close':
      if (waiting.length > 0 && !failing) write();
      file.close();
      answer({ kind: 'closed' });
      port.close();
  }
});

/** Batches of this turn of the loop first, then a step of the deletion. */
function work(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    if (failing) return;
    if (waiting.length > 0) write();
    else if (dropBefore > 0) clean();
  });
}

function clean(): void {
  try {
    if (!file.deleteSome(dropBefore)) dropBefore = 0;
  } catch {
    // The disk may be full; the next snapshot asks again.
    dropBefore = 0;
  }
  if (dropBefore > 0) work();
}

function write(): void {
  try {
    file.append(waiting);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (!failing) answer({ kind: 'health', health: { state: 'failing', problem } });
    failing = true;
    setTimeout(write, RETRY_MS);
    return;
  }
  if (failing) answer({ kind: 'health', health: { state: 'ok' } });
  failing = false;
  const last = waiting.at(-1);
  waiting = [];
  if (last !== undefined) answer({ kind: 'committed', number: last.number });
  if (dropBefore > 0) work();
}

answer({ kind: 'opened' });
