import type pg from 'pg';
import { StoreOpenError, type JournalHealth, type JournalSegment, type JournalStore } from '@gatehouse/ports';
import { fitting, READ_SEGMENTS_MAX } from '../../journal/fitting.ts';
import { messageOf, Writes } from './writes.ts';

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

/** Whether the place is the writer's; while the transaction lasts it stays so. */
export async function holdsPlace(
  client: Pick<pg.ClientBase, 'query'>,
  { node, incarnation }: Writer,
): Promise<boolean> {
  const mine = 'SELECT 1 FROM nodes WHERE node_id = $1 AND incarnation = $2 FOR KEY SHARE';
  return (await client.query(mine, [node, incarnation])).rowCount === 1;
}

/** A view of the same bytes, as the driver wants them. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The journal of one node in PostgreSQL: each batch is committed and synced before `append` resolves. */
export class PostgresqlJournal implements JournalStore {
  readonly #pool: pg.Pool;
  readonly #writer: Writer;
  readonly #onFenced: () => void;
  readonly #writes: Writes;
  #dropBefore = 0;
  #cleaning: Promise<void> | undefined;

  constructor(pool: pg.Pool, writer: Writer, onFenced: () => void, writes = new Writes()) {
    this.#pool = pool;
    this.#writer = writer;
    this.#onFenced = onFenced;
    this.#writes = writes;
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
    return this.#writes.inOrder(() => this.#writes.insist(() => this.#write(segment)));
  }

  dropBefore(number: number): void {
    this.#dropBefore = Math.max(this.#dropBefore, number);
    this.#cleaning ??= this.#clean().finally(() => {
      this.#cleaning = undefined;
    });
  }

  onHealth(listener: (health: JournalHealth) => void): void {
    this.#writes.onHealth(listener);
  }

  async close(): Promise<void> {
    await this.#writes.close();
    await this.#cleaning;
    await this.#pool.end();
  }

  /** Nothing can be acknowledged any more: another server has read the journal and goes on with it. */
  fenced(): Error {
    this.#writes.end();
    this.#onFenced();
    return new Error(`another server has taken the place of node ${this.#writer.node}`);
  }

  async #write({ number, bytes }: JournalSegment): Promise<void> {
    const { node, incarnation } = this.#writer;
    const values = [node, incarnation, number, asBuffer(bytes)];
    const { rows } = await this.#pool.query<{ taken: number }>({ name: 'append', text: APPEND, values });
    if (rows[0]?.taken !== 1) throw this.fenced();
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
        if (rowCount === 0 || this.#writes.isEnded()) return;
      }
    } catch {
      return;
    }
  }
}
