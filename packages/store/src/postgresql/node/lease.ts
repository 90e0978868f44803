import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Writer } from './journal.ts';
import { sweep } from './sweep.ts';
import { clockAhead, clockProblem } from './wall-clock.ts';
import { messageOf } from './writes.ts';

/** Renewals in the time that a lease holds: some may fail. */
const RENEWALS_PER_LEASE = 5;
/** Renewals between two looks for what ended long ago. */
const RENEWALS_PER_SWEEP = 150;
/** How much of a lease may pass without a renewal until it is at risk. */
const RISK_SHARE = 0.8;

/** What a lease tells. */
export interface LeaseEvents {
  /** Another server has taken the place. */
  readonly onLost: () => void;
  /** It cannot be renewed for now. Told once until it can be again. */
  readonly onTrouble: (problem: string) => void;
  /** Others may take the place soon. Told once until `onSafe`. */
  readonly onRisk: () => void;
  readonly onSafe: () => void;
  /** The clock of this machine has left the database's. Told once until it is near again. */
  readonly onClockApart: (problem: string) => void;
}

/** How long a lease holds, and the clock that people set. */
interface LeaseTimes {
  readonly leaseMs: number;
  readonly now: () => number;
}

/** Renews the lease of a place, and of those that it is taking over, until it is ended or lost. */
export class Lease {
  readonly #pool: pg.Pool;
  readonly #writer: Writer;
  readonly #leaseMs: number;
  readonly #now: () => number;
  readonly #events: LeaseEvents;
  readonly #ended = new AbortController();
  readonly #renewing: Promise<void>;
  #isAtRisk = false;
  #isClockApart = false;
  /** `performance.now()` since when every renewal was one; undefined while they fail. */
  #steadySince: number | undefined = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** `heldSince`: `performance.now()` before the place was asked for. */
  constructor(
    pool: pg.Pool,
    writer: Writer,
    { leaseMs, now }: LeaseTimes,
    events: LeaseEvents,
    heldSince: number,
  ) {
    this.#pool = pool;
    this.#writer = writer;
    this.#leaseMs = leaseMs;
    this.#now = now;
    this.#events = events;
    this.#heldFrom(heldSince);
    this.#renewing = this.#renewUntilEnded();
  }

  /** It was renewed without fail for as long as it holds: whoever else could renew theirs has done so. */
  get isSteady(): boolean {
    if (this.#isAtRisk || this.#steadySince === undefined) return false;
    return performance.now() - this.#steadySince >= this.#leaseMs;
  }

  async end(): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#timer);
    await this.#renewing;
  }

  async #renewUntilEnded(): Promise<void> {
    const { signal } = this.#ended;
    let inTrouble = false;
    for (let renewals = 1; ; renewals += 1) {
      await delay(this.#leaseMs / RENEWALS_PER_LEASE, undefined, { signal, ref: false }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      try {
        if (!(await this.#renew())) {
          this.#lost();
          return;
        }
        inTrouble = false;
        this.#steadySince ??= performance.now();
        await this.#compareClocks();
        if (renewals % RENEWALS_PER_SWEEP === 0) await sweep(this.#pool);
      } catch (error) {
        this.#steadySince = undefined;
        if (!inTrouble) this.#events.onTrouble(messageOf(error));
        inTrouble = true;
      }
    }
  }

  /** Leases do not go by it: a clock that jumps is told, and nobody is sent away. */
  async #compareClocks(): Promise<void> {
    const problem = clockProblem(await clockAhead(this.#pool, this.#now));
    if (problem !== undefined && !this.#isClockApart) this.#events.onClockApart(problem);
    this.#isClockApart = problem !== undefined;
  }

  #lost(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#events.onLost();
  }

  /** A lease that has run out is renewed too: as long as nobody has taken the place, nothing was lost by it. */
  async #renew(): Promise<boolean> {
    const from = performance.now();
    const { rows } = await this.#pool.query<{ isMine: boolean }>({
      name: 'renew',
      text: `UPDATE nodes SET lease_until = clock_timestamp() + $3 * interval '1 ms'
             WHERE (node_id = $1 AND incarnation = $2) OR (heir = $1 AND heir_incarnation = $2)
             RETURNING node_id = $1 AS "isMine"`,
      values: [this.#writer.node, this.#writer.incarnation, this.#leaseMs],
    });
    if (!rows.some(({ isMine }) => isMine)) return false;
    this.#heldFrom(from);
    return true;
  }

  /** By the clock that nobody sets: the database's says the same of so short a time. */
  #heldFrom(from: number): void {
    clearTimeout(this.#timer);
    if (this.#ended.signal.aborted) return;
    const leftMs = from + this.#leaseMs * RISK_SHARE - performance.now();
    if (leftMs <= 0) {
      this.#atRisk();
      return;
    }
    if (this.#isAtRisk) {
      this.#isAtRisk = false;
      this.#events.onSafe();
    }
    this.#timer = setTimeout(() => {
      this.#atRisk();
    }, leftMs).unref();
  }

  #atRisk(): void {
    if (this.#isAtRisk) return;
    this.#isAtRisk = true;
    this.#events.onRisk();
  }
}
