import type pg from 'pg';
import { StoreOpenError, type JournalHealth, type JournalSegment, type JournalStore } from '@gatehouse/ports';
import { fitting, READ_SEGMENTS_MAX } from '../../journal/fitting.ts';

/** Milliseconds until a batch that could not be written is tried again. */
const RETRY_MS = 500;
/** Segments that one statement deletes: some milliseconds between two commits. */
const DELETE_SEGMENTS_MAX = 256;

/** Whose journal it is. */
export interface Writer {
  readonly node: string;
  readonly incarnation: number;
}

/**
 * `taken` is the fence: 0 where the place is another's by now. The row is locked, so that who takes the place waits for
 * what is under way and then reads it; and it is read anew where somebody has taken it meanwhile. A segment that is there
 * was written by this incarnation before its answer was lost.
 */
const APPEND = `
  WITH mine AS (SELECT node_id FROM nodes WHERE node_id = $1 AND incarnation = $2 FOR KEY SHARE),
       put AS (INSERT INTO journal_segments (node_id, number, bytes) SELECT node_id, $3, $4 FROM mine ON CONFLICT DO NOTHING)
  SELECT count(*) AS taken FROM mine`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The journal of one node in PostgreSQL: each batch is committed and synced before `append` resolves. */
export class PostgresqlJournal implements JournalStore {
  readonly #pool: pg.Pool;
  readonly #writer: Writer;
  readonly #onFenced: () => void;
  #health: (health: JournalHealth) => void = () => undefined;
  /** One at a time, in order. */
  #last: Promise<void> = Promise.resolve();
  #failing = false;
  readonly #ended: AbortController = new AbortController();
  #dropBefore = 0;
  #cleaning: Promise<void> | undefined;

  constructor(pool: pg.Pool, writer: Writer, onFenced: () => void) {
    this.#pool = pool;
    this.#writer = writer;
    this.#onFenced = onFenced;
  }

  async read(after: number): Promise<readonly JournalSegment[]> {
    const { node } = this.#writer;
    try {
      const sizes = await this.#pool.query<{ number: number; size: number }>(
        'SELECT number, octet_length(bytes) AS size FROM journal_segments WHERE node_id = $1 AND number > $2 ORDER BY number LIMIT $3',
        [node, after, READ_SEGMENTS_MAX],
      );
      const last = sizes.rows[fitting(sizes.rows.map(({ size }) => size)) - 1]?.number;
      if (last === undefined) return [];
      const { rows } = await this.#pool.query<{ number: number; bytes: Buffer<ArrayBuffer> }>(
        'SELECT number, bytes FROM journal_segments WHERE node_id = $1 AND number > $2 AND number <= $3 ORDER BY number',
        [node, after, last],
      );
      return rows;
    } catch (error) {
      throw new StoreOpenError('unreachable', `The journal cannot be read: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  }

  append(segment: JournalSegment): Promise<void> {
    const done = this.#last.then(() => this.#write(segment));
    this.#last = done.catch(() => undefined);
    return done;
  }

  dropBefore(number: number): void {
    this.#dropBefore = Math.max(this.#dropBefore, number);
    this.#cleaning ??= this.#clean().finally(() => {
      this.#cleaning = undefined;
    });
  }

  onHealth(listener: (health: JournalHealth) => void): void {
    this.#health = listener;
  }

  async close(): Promise<void> {
    // What can be written is; a database that takes nothing is not waited for.
    if (this.#failing) this.#ended.abort();
    await this.#last;
    this.#ended.abort();
    await this.#cleaning;
    await this.#pool.end();
  }

  async #write({ number, bytes }: JournalSegment): Promise<void> {
    const { node, incarnation } = this.#writer;
    const values = [node, incarnation, number, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
    for (;;) {
      if (this.#isEnded()) throw new Error('the journal is closed');
      try {
        const { rows } = await this.#pool.query<{ taken: number }>({ name: 'append', text: APPEND, values });
        if (rows[0]?.taken !== 1) throw this.#fenced();
        this.#recovered();
        return;
      } catch (error) {
        if (this.#isEnded()) throw error;
        this.#failed(messageOf(error));
        await this.#pause();
      }
    }
  }

  /** Nothing can be acknowledged any more: another server has read the journal and goes on with it. */
  #fenced(): Error {
    this.#ended.abort();
    this.#onFenced();
    return new Error(`another server has taken the place of node ${this.#writer.node}`);
  }

  #isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  #failed(problem: string): void {
    if (!this.#failing) this.#health({ state: 'failing', problem });
    this.#failing = true;
  }

  #recovered(): void {
    if (this.#failing) this.#health({ state: 'ok' });
    this.#failing = false;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#ended;
      const timer = setTimeout(done, RETRY_MS);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }

  /** Some at a time, between batches; what fails is asked for again with the next snapshot. */
  async #clean(): Promise<void> {
    const { node, incarnation } = this.#writer;
    try {
      for (;;) {
        const { rowCount } = await this.#pool.query(
          `DELETE FROM journal_segments WHERE node_id = $1 AND number IN (
             SELECT number FROM journal_segments WHERE node_id = $1 AND number < $3
               AND EXISTS (SELECT 1 FROM nodes WHERE node_id = $1 AND incarnation = $2)
             ORDER BY number LIMIT $4)`,
          [node, incarnation, this.#dropBefore, DELETE_SEGMENTS_MAX],
        );
        if (rowCount === 0 || this.#isEnded()) return;
      }
    } catch {
      return;
    }
  }
}
