import type pg from 'pg';
import {
  InheritanceLost,
  LockLost,
  type Committed,
  type InterestNews,
  type JournalHealth,
  type JournalSegment,
  type Letter,
  type Locked,
  type SharedJournalStore,
  type SharedPart,
} from '@gatehouse/ports';
import { ADVISORY_LOCK } from '../advisory-lock.ts';
import { COMMIT, commitValues, type CommitRow } from './commit.ts';
import { STATEMENT_TIMEOUT_MS } from './link.ts';
import { holdsPlace, PostgresqlJournal, type Writer } from './journal.ts';
import { allLetters, interestSince, oldestLetters } from './shared-reads.ts';
import { begin, transaction, type OpenTransaction } from './transaction.ts';
import { messageOf, Writes } from './writes.ts';

/** How much of its lease a node may do nothing for while it holds everybody else up: one that hangs loses the lock then. */
const LOCK_IDLE_SHARE = 0.5;
/** Bytes that a database commits in a second at least: what a node inherits may be much. */
const BYTES_PER_SECOND_MIN = 2 * 1_048_576;
const SECOND_MS = 1_000;

/** The lock, and the transaction that has it. */
interface Held {
  readonly opened: OpenTransaction;
  readonly locked: Locked;
  /** What comes next in order may begin. */
  readonly release: () => void;
}

/** What it needs of the place that it belongs to. */
export interface SharedJournalContext {
  /** For batches alone. */
  readonly pool: pg.Pool;
  /** For what is read while batches commit. */
  readonly reader: pg.Pool;
  readonly writer: Writer;
  readonly leaseMs: number;
  readonly onFenced: () => void;
}

/** The journal of one node among others. */
export class SharedPostgresqlJournal implements SharedJournalStore {
  readonly #journal: PostgresqlJournal;
  readonly #writes = new Writes();
  /** Beside them: that something can be read does not say that anything can be written. */
  readonly #reads = new Writes();
  readonly #writer: Writer;
  readonly #pool: pg.Pool;
  readonly #reader: pg.Pool;
  /** Taken, or about to be: the next `commit` ends it. */
  #lock: Promise<Held> | undefined;
  readonly #lockIdleMs: number;

  constructor({ pool, reader, writer, leaseMs, onFenced }: SharedJournalContext) {
    this.#pool = pool;
    this.#reader = reader;
    this.#writer = writer;
    this.#lockIdleMs = Math.round(leaseMs * LOCK_IDLE_SHARE);
    this.#journal = new PostgresqlJournal(pool, writer, onFenced, this.#writes);
  }

  read(after: number): Promise<readonly JournalSegment[]> {
    return this.#journal.read(after);
  }

  append(segment: JournalSegment): Promise<void> {
    return this.#journal.append(segment);
  }

  dropBefore(number: number): void {
    this.#journal.dropBefore(number);
  }

  onHealth(listener: (health: JournalHealth) => void): void {
    this.#journal.onHealth(listener);
  }

  async close(): Promise<void> {
    // Nobody is going to commit in it.
    this.#lock?.then(
      ({ opened, release }) => {
        opened.discard();
        release();
      },
      () => undefined,
    );
    this.#lock = undefined;
    this.#reads.end();
    await this.#journal.close();
    await this.#reader.end();
  }

  commit(segment: JournalSegment, part: SharedPart): Promise<Committed> {
    const lock = this.#lock;
    this.#lock = undefined;
    if (lock !== undefined) return lock.then((held) => this.#commitIn(held, segment, part));
    const values = commitValues(this.#writer, segment, part);
    return this.#writes.inOrder(async () => {
      const row = await this.#writes.insist(async () => this.#checked(await commitOver(this.#pool, values)));
      return this.#outcome(row, part);
    });
  }

  interestSince(epoch: number): Promise<InterestNews> {
    return this.#reads.insist(() => interestSince(this.#reader, this.#writer.node, epoch));
  }

  letters(but: readonly number[]): Promise<readonly Letter[]> {
    return this.#reads.insist(() => oldestLetters(this.#reader, this.#writer.node, but));
  }

  async lock(sinceEpoch: number, inherits: string | undefined): Promise<Locked> {
    if (this.#lock !== undefined) throw new Error('the lock is held: it ends with a commit');
    const lock = new Promise<Held>((resolve, reject) => {
      void this.#writes
        .inOrder(async () => {
          const [opened, locked] = await this.#writes.insist(() => this.#takeLock(sinceEpoch, inherits));
          await new Promise<void>((release) => {
            resolve({ opened, locked, release });
          });
        })
        .catch(reject);
    });
    this.#lock = lock;
    try {
      return (await lock).locked;
    } catch (error) {
      if (this.#lock === lock) this.#lock = undefined;
      throw error;
    }
  }

  async #takeLock(
    sinceEpoch: number,
    inherits: string | undefined,
  ): Promise<readonly [OpenTransaction, Locked]> {
    const idle = `SET LOCAL idle_in_transaction_session_timeout = ${this.#lockIdleMs}`;
    const opened = await begin(this.#pool, idle);
    try {
      const { client } = opened;
      if (!(await holdsPlace(client, this.#writer))) throw this.#journal.fenced();
      await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK.interest]);
      const { node } = this.#writer;
      const news = await interestSince(client, node, sinceEpoch);
      return [opened, { ...news, letters: await allLetters(client, node, inherits) }];
    } catch (error) {
      opened.discard();
      throw error;
    }
  }

  async #commitIn({ opened, release }: Held, segment: JournalSegment, part: SharedPart): Promise<Committed> {
    try {
      // Nobody has changed anything since it was taken.
      const values = commitValues(this.#writer, segment, { ...part, matchedAt: undefined });
      const bytes = segment.bytes.byteLength + sizeOf(part);
      const row = await this.#attempt(
        opened,
        values,
        STATEMENT_TIMEOUT_MS + (bytes / BYTES_PER_SECOND_MIN) * SECOND_MS,
      );
      if (typeof row !== 'string') return this.#outcome(row, part);
      const epoch = await this.#writes.insist(() => this.#epochOf(segment));
      if (epoch === undefined) throw new LockLost(`the database let go of the lock: ${row}`);
      return { outcome: 'committed', epoch };
    } finally {
      release();
    }
  }

  /** What came of it, or what went wrong: then it may have been committed or not. */
  async #attempt(
    opened: OpenTransaction,
    values: readonly unknown[],
    timeoutMs: number,
  ): Promise<CommitRow | string> {
    try {
      if (timeoutMs > STATEMENT_TIMEOUT_MS + SECOND_MS)
        await opened.client.query(`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`);
      const row = await commitOver(opened.client, values, timeoutMs);
      await opened.commit();
      return row;
    } catch (error) {
      opened.discard();
      return messageOf(error);
    }
  }

  /** Undefined: it is not there, and will not be: what may yet have been committing is waited for. */
  async #epochOf({ number }: JournalSegment): Promise<number | undefined> {
    const { node, incarnation } = this.#writer;
    return transaction(this.#pool, async (client) => {
      const mine = 'SELECT 1 FROM nodes WHERE node_id = $1 AND incarnation = $2 FOR UPDATE';
      if ((await client.query(mine, [node, incarnation])).rowCount === 0) throw this.#journal.fenced();
      const { rows } = await client.query<{ epoch: number }>(
        'SELECT coalesce(s.epoch, c.epoch) AS epoch FROM journal_segments s, cluster c WHERE s.node_id = $1 AND s.number = $2',
        [node, number],
      );
      return rows[0]?.epoch;
    });
  }

  #checked(row: CommitRow): CommitRow {
    if (row.outcome === 'fenced') throw this.#journal.fenced();
    return row;
  }

  #outcome(row: CommitRow, { inherits }: SharedPart): Committed {
    const { outcome, epoch } = this.#checked(row);
    if (outcome === 'committed') return { outcome, epoch };
    if (outcome === 'stale') return { outcome };
    throw new InheritanceLost(`what node ${inherits ?? ''} has left is another node's`);
  }
}

/** The driver takes the time of one statement with it; its types do not know. */
interface TimedQuery extends pg.QueryConfig {
  readonly query_timeout: number;
}

/** Bytes of letters and retained messages. */
function sizeOf({ mail, transfers, retained }: SharedPart): number {
  const sizes = [
    ...mail.map(({ bytes }) => bytes.byteLength),
    ...transfers.map(({ letter }) => letter.byteLength),
    ...retained.map(({ bytes }) => bytes?.byteLength ?? 0),
  ];
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function commitOver(
  over: Pick<pg.ClientBase, 'query'>,
  values: readonly unknown[],
  timeoutMs = STATEMENT_TIMEOUT_MS,
): Promise<CommitRow> {
  const statement: TimedQuery = {
    name: 'commit',
    text: COMMIT,
    values: [...values],
    query_timeout: timeoutMs,
  };
  const { rows } = await over.query<CommitRow>(statement);
  const [row] = rows;
  if (row === undefined) throw new Error('the database answered nothing');
  return row;
}
