import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  StoreOpenError,
  type HeldJournal,
  type JournalHealth,
  type JournalSegment,
  type JournalStore,
} from '@gatehouse/ports';

/** What the journal's thread is told and answers. */
export type JournalRequest =
  | { readonly kind: 'append'; readonly segment: JournalSegment }
  | { readonly kind: 'read'; readonly after: number }
  | { readonly kind: 'drop-before'; readonly number: number }
  | { readonly kind: 'close' };
export type JournalAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'not-opened'; readonly code: StoreOpenError['code']; readonly problem: string }
  | { readonly kind: 'not-read'; readonly problem: string }
  | { readonly kind: 'segments'; readonly segments: readonly JournalSegment[] }
  | { readonly kind: 'committed'; readonly number: number }
  | { readonly kind: 'health'; readonly health: JournalHealth }
  | { readonly kind: 'closed' };

/** The journal of a data directory, which can be read while it is written. */
export interface FileJournal extends JournalStore {
  /** Keeps what is committed now from being deleted until it is released. Nobody else may be reading then. */
  hold(): HeldJournal;
}

/** The journal of a data directory. */
export const journalFile = (dataDir: string): string => join(dataDir, 'journal.db');

/** Bytes that the journal in a data directory takes, what is not copied from its write-ahead log yet included. */
export function journalSize(dataDir: string): number {
  const path = journalFile(dataDir);
  return [path, `${path}-wal`].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/**
 * Opens `journal.db` in a data directory, in a thread of its own that does nothing but what an acknowledgement waits for
 * (architecture, decision 3). The caller holds the data directory's lock.
 * @throws StoreOpenError when the file cannot be used; nothing was changed then
 */
export async function openJournal(dataDir: string): Promise<FileJournal> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Workers run built code; under the test runner this module is the source beside it.
  const url = new URL(
    import.meta.url.replace(/\/src\/journal\/journal-store\.ts$/, '/dist/journal/journal-store.js'),
  );
  const path = journalFile(dataDir);
  const worker = new Worker(new URL('journal-worker.js', url), { workerData: { path } });
  const [answer] = (await once(worker, 'message')) as [JournalAnswer];
  if (answer.kind === 'not-opened') {
    await worker.terminate();
    throw new StoreOpenError(answer.code, answer.problem);
  }
  return new ThreadedJournal(worker);
}

interface Appending {
  readonly number: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Reading {
  readonly resolve: (segments: readonly JournalSegment[]) => void;
  readonly reject: (error: Error) => void;
}

class ThreadedJournal implements FileJournal {
  readonly #worker: Worker;
  #appending: Appending[] = [];
  #reading: Reading | undefined;
  #health: (health: JournalHealth) => void = () => undefined;
  #ended: Error | undefined;
  /** The last segment that is known to be in the file. */
  #committed = 0;
  /** What lies before is not needed any more. */
  #needed = 0;
  #holds = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: JournalAnswer) => {
      this.#answered(answer);
    });
    worker.on('error', (error) => {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.#end(new Error('the journal thread has ended'));
    });
    // An open journal alone does not keep a process alive: listeners do.
    worker.unref();
  }

  read(after: number): Promise<readonly JournalSegment[]> {
    if (this.#reading !== undefined) throw new Error('the journal is read by one reader at a time');
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#reading = { resolve, reject };
      this.#tell({ kind: 'read', after });
      this.#worker.ref();
    });
  }

  append(segment: JournalSegment): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#appending.push({ number: segment.number, resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ kind: 'append', segment } satisfies JournalRequest, [segment.bytes.buffer]);
    });
  }

  dropBefore(number: number): void {
    this.#needed = Math.max(this.#needed, number);
    this.#drop();
  }

  hold(): HeldJournal {
    this.#holds += 1;
    let isHeld = true;
    return {
      after: Math.max(0, this.#needed - 1),
      until: this.#committed,
      read: (after) => this.read(after),
      release: () => {
        if (isHeld) this.#holds -= 1;
        isHeld = false;
        this.#drop();
        return Promise.resolve();
      },
    };
  }

  onHealth(listener: (health: JournalHealth) => void): void {
    this.#health = listener;
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#worker.ref();
    const ended = once(this.#worker, 'exit');
    this.#tell({ kind: 'close' });
    await ended;
  }

  #drop(): void {
    if (this.#holds === 0 && this.#needed > 0) this.#tell({ kind: 'drop-before', number: this.#needed });
  }

  #tell(request: JournalRequest): void {
    this.#worker.postMessage(request);
  }

  #answered(answer: JournalAnswer): void {
    switch (answer.kind) {
      case 'segments': {
        const reading = this.#reading;
        this.#reading = undefined;
        this.#reached(answer.segments.at(-1)?.number);
        reading?.resolve(answer.segments);
        break;
      }
      case 'not-read': {
        const reading = this.#reading;
        this.#reading = undefined;
        reading?.reject(new StoreOpenError('damaged', `The journal cannot be read: ${answer.problem}.`));
        break;
      }
      case 'committed': {
        this.#reached(answer.number);
        const done = this.#appending.filter(({ number }) => number <= answer.number);
        this.#appending = this.#appending.slice(done.length);
        for (const { resolve } of done) resolve();
        break;
      }
      case 'health':
        this.#health(answer.health);
        return;
      case 'opened':
      case 'not-opened':
      case 'closed':
        return;
    }
    if (this.#appending.length === 0 && this.#reading === undefined) this.#worker.unref();
  }

  #reached(number = 0): void {
    this.#committed = Math.max(this.#committed, number);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#appending.splice(0)) reject(this.#ended);
    this.#reading?.reject(this.#ended);
    this.#reading = undefined;
  }
}
