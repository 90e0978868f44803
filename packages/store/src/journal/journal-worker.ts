import { parentPort, workerData } from 'node:worker_threads';
import { StoreOpenError, type JournalSegment } from '@gatehouse/ports';
import { openError } from '../sqlite/open.ts';
import { openJournalFile, type JournalFile } from './journal-file.ts';
import type { JournalAnswer, JournalRequest } from './journal-store.ts';

/** Milliseconds until a batch that could not be written is tried again. */
const RETRY_MS = 500;

const port = parentPort;
if (port === null) throw new Error('the journal worker runs as a worker thread only');
const { path } = workerData as { readonly path: string };
const answer = (message: JournalAnswer, transfer: readonly ArrayBuffer[] = []): void => {
  port.postMessage(message, [...transfer]);
};
/** The driver's errors do not survive the way to another thread: they are told in words. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Does what it is asked, one thing after the other. */
class JournalThread {
  readonly #file: JournalFile;
  /** Batches that arrived and are not written yet: all of them go into the next transaction. */
  #waiting: JournalSegment[] = [];
  #failing = false;
  #scheduled = false;
  #dropBefore = 0;

  constructor(file: JournalFile) {
    this.#file = file;
  }

  /** False when there is nothing more to do. */
  take(request: JournalRequest): boolean {
    switch (request.kind) {
      case 'append':
        this.#waiting.push(request.segment);
        if (!this.#failing) this.#work();
        return true;
      case 'read':
        this.#read(request.after);
        return true;
      case 'drop-before':
        this.#dropBefore = Math.max(this.#dropBefore, request.number);
        this.#work();
        return true;
      case 'close':
        if (this.#waiting.length > 0 && !this.#failing) this.#write();
        this.#file.close();
        answer({ kind: 'closed' });
        return false;
    }
  }

  #read(after: number): void {
    try {
      const segments = this.#file.read(after);
      answer(
        { kind: 'segments', segments },
        segments.map(({ bytes }) => bytes.buffer),
      );
    } catch (error) {
      answer({ kind: 'not-read', problem: messageOf(error) });
    }
  }

  /** Batches of this turn of the loop first, then a step of the deletion. */
  #work(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#failing) return;
      if (this.#waiting.length > 0) this.#write();
      else if (this.#dropBefore > 0) this.#clean();
    });
  }

  #clean(): void {
    try {
      if (!this.#file.deleteSome(this.#dropBefore)) this.#dropBefore = 0;
    } catch {
      // The disk may be full; the next snapshot asks again.
      this.#dropBefore = 0;
    }
    if (this.#dropBefore > 0) this.#work();
  }

  #write(): void {
    try {
      this.#file.append(this.#waiting);
    } catch (error) {
      if (!this.#failing) answer({ kind: 'health', health: { state: 'failing', problem: messageOf(error) } });
      this.#failing = true;
      setTimeout(() => {
        this.#write();
      }, RETRY_MS);
      return;
    }
    if (this.#failing) answer({ kind: 'health', health: { state: 'ok' } });
    this.#failing = false;
    const last = this.#waiting.at(-1);
    this.#waiting = [];
    if (last !== undefined) answer({ kind: 'committed', number: last.number });
    if (this.#dropBefore > 0) this.#work();
  }
}

try {
  const thread = new JournalThread(openJournalFile(path));
  port.on('message', (request: JournalRequest) => {
    if (!thread.take(request)) port.close();
  });
  answer({ kind: 'opened' });
} catch (error) {
  const known = openError(error, path);
  const code = known instanceof StoreOpenError ? known.code : 'damaged';
  answer({ kind: 'not-opened', code, problem: messageOf(known) });
}
