import type {
  AcceptedLogin,
  AttemptBatchText,
  Evidence,
  LastGoodLogin,
  MismatchHint,
} from '@gatehouse/ports';
import { aggregateBytes, entryBytes, EVIDENCE_BYTES, HINT_BYTES, loginBytes } from './accounting.ts';
import { Aggregates } from './aggregates.ts';
import { Entry } from './entry.ts';
import { LateHints } from './late-hints.ts';
import type { RecorderLimits } from './limits.ts';
import { PendingLogins } from './pending-logins.ts';
import type { PlainAttempt, WrittenAttempt } from './plain-attempt.ts';

/** A batch on its way, with what it takes until it is stored or given up. */
export interface Taken {
  readonly batch: AttemptBatchText;
  readonly entries: number;
  readonly itemised: number;
  readonly aggregated: number;
  readonly bytes: number;
}

export interface AttemptBufferOptions {
  readonly limits: RecorderLimits;
  readonly node: string;
  /** Bytes that the recorder holds besides. */
  readonly otherBytes: () => number;
  readonly evidenceOf: (key: string) => Omit<Evidence, 'lastGoodLogin'>;
  /** What a refused attempt is compared with. */
  readonly lastGoodLogin: (attempt: PlainAttempt) => LastGoodLogin | null;
}

/** What waits to be flushed, oldest first, bounded in entries and bytes; what is being flushed counts as well. */
export class AttemptBuffer {
  readonly #options: AttemptBufferOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #aggregates: Aggregates;
  readonly #logins: PendingLogins;
  readonly #hints: LateHints;
  #sequence = 0;
  #entryBytes = 0;
  #onTheWay = { entries: 0, bytes: 0 };

  constructor(options: AttemptBufferOptions) {
    this.#options = options;
    this.#aggregates = new Aggregates(options.limits.aggregatesMax);
    this.#logins = new PendingLogins(options.limits.loginsPendingMax);
    this.#hints = new LateHints(options.limits.lateHintsMax);
  }

  get entries(): number {
    return this.#entries.size + this.#onTheWay.entries;
  }

  get bytes(): number {
    const waiting = this.#entryBytes + this.#aggregates.bytes + this.#logins.bytes + this.#hints.bytes;
    return waiting + this.#onTheWay.bytes + this.#options.otherBytes();
  }

  /** Bytes that may still be taken. */
  get room(): number {
    return this.#options.limits.bytesMax - this.bytes;
  }

  /** Items waiting, of the kind of which most wait. */
  get waiting(): number {
    return Math.max(this.#entries.size, this.#aggregates.size, this.#logins.size, this.#hints.size);
  }

  /** The newest sequence; what waits up to it is what waits now. */
  get newest(): number {
    return this.#sequence;
  }

  get oldest(): number {
    return Math.min(this.#oldestEntry(), this.#aggregates.oldest, this.#logins.oldest, this.#hints.oldest);
  }

  /** Coalesces an attempt; says how it is counted. */
  add(key: string, attempt: WrittenAttempt): 'itemised' | 'aggregated' | 'dropped' {
    const { limits, lastGoodLogin } = this.#options;
    const { plain, text } = attempt;
    this.#sequence += 1;
    const rowRoom = this.#rowRoom();
    const known = this.#entries.get(key);
    if (known !== undefined) {
      const before = known.bytes;
      known.add(attempt, lastGoodLogin(plain), rowRoom, limits);
      this.#entryBytes += known.bytes - before;
      return 'itemised';
    }
    if (this.entries >= limits.entriesMax || entryBytes(text) + EVIDENCE_BYTES > rowRoom) {
      return this.#aggregates.add(plain, this.#sequence, this.room) ? 'aggregated' : 'dropped';
    }
    const entry = new Entry(key, this.#sequence, attempt, lastGoodLogin(plain));
    this.#entries.set(key, entry);
    this.#entryBytes += entry.bytes;
    return 'itemised';
  }

  addLogin(login: AcceptedLogin): void {
    this.#sequence += 1;
    this.#logins.add(login, this.#sequence, this.room);
  }

  /** Hints for a row; those of one that still waits go with it. */
  addHints(key: string, hints: readonly MismatchHint[]): void {
    if (this.#entries.has(key)) return;
    this.#sequence += 1;
    this.#hints.add(key, hints, this.#sequence, this.room);
  }

  /** Removes the oldest of what waits as one batch; undefined when nothing does. */
  take(): Taken | undefined {
    const { limits, node, evidenceOf } = this.#options;
    const entries: Entry[] = [];
    for (const entry of this.#entries.values()) {
      if (entries.length >= limits.batchMax) break;
      entries.push(entry);
    }
    for (const entry of entries) {
      this.#entries.delete(entry.key);
      this.#entryBytes -= entry.bytes;
    }
    const aggregates = this.#aggregates.take(limits.batchMax);
    const logins = this.#logins.take(limits.batchMax, this.#oldestEntry());
    const hints = this.#hints.take(limits.batchMax);
    if (entries.length + aggregates.length + logins.length + hints.length === 0) return undefined;

    const deltas = entries.map((entry) => entry.toDeltaText(evidenceOf(entry.key)));
    const others = JSON.stringify({ aggregates, logins, hints, node });
    const taken: Taken = {
      batch: `{"deltas":[${deltas.join(',')}],${others.slice(1)}`,
      entries: entries.length,
      itemised: total(entries.map(({ attempts }) => attempts)),
      aggregated: total(aggregates.map(({ attempts }) => attempts)),
      bytes:
        total(entries.map(({ bytes }) => bytes)) +
        total(aggregates.map(({ network }) => aggregateBytes(network))) +
        total(logins.map(loginBytes)) +
        hints.length * HINT_BYTES,
    };
    this.#onTheWay.entries += taken.entries;
    this.#onTheWay.bytes += taken.bytes;
    return taken;
  }

  /** Frees what a batch took. */
  release(taken: Taken): void {
    this.#onTheWay.entries -= taken.entries;
    this.#onTheWay.bytes -= taken.bytes;
  }

  /** What of `room` rows may take: the reserve, as far as logins and aggregates do not fill it, is not theirs. */
  #rowRoom(): number {
    const reserveUsed = this.#aggregates.bytes + this.#logins.bytes;
    return this.room - Math.max(0, this.#options.limits.reservedBytes - reserveUsed);
  }

  #oldestEntry(): number {
    for (const entry of this.#entries.values()) return entry.sequence;
    return Infinity;
  }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
