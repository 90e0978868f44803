import type { ReasonCode } from '@gatehouse/auth-core';
import type {
  AcceptedLogin,
  AttemptBatchText,
  AttemptSink,
  Clock,
  FlushOutcome,
  RecorderCounters,
  RefusedAttempt,
} from '@gatehouse/ports';
import { AttemptBuffer } from './attempt-buffer.ts';
import type { AttemptInspector } from './attempt-inspector.ts';
import { EvidenceBook } from './evidence.ts';
import { Flusher } from './flusher.ts';
import { Inspections } from './inspections.ts';
import { keyOfAttempt } from './key.ts';
import { KnownLogins } from './known-logins.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';
import { toWrittenAttempt } from './plain-attempt.ts';

export interface RecorderOptions {
  /** Stores one batch; a rejection keeps the batch, which is sent again as it is. */
  readonly flush: (batch: AttemptBatchText) => Promise<FlushOutcome> | Promise<void>;
  /** Where mismatch hints come from (`createAttemptInspector`); without one there are none. */
  readonly inspector?: AttemptInspector | undefined;
  readonly clock: Clock;
  /** This node's name, written to every batch. */
  readonly node: string;
  readonly limits?: Partial<RecorderLimits> | undefined;
}

/** The recorder of refused clients (auth.md §8): an {@link AttemptSink} that never waits and never throws. */
export interface Recorder extends AttemptSink {
  /** Writes what is buffered now and resolves when it is stored; rejects when that fails (it is kept and retried). */
  flushNow(): Promise<void>;
  /** Gives up what is buffered and not being written: its attempts count as dropped. */
  discardBuffered(): void;
  counters(): RecorderCounters;
  /** Tries once to write what is buffered, then gives it up; later attempts count as dropped. */
  stop(): Promise<void>;
}

/** Reasons that the built-in credentials can explain further; an unknown username may be a password. */
const INSPECTED_REASONS: ReadonlySet<ReasonCode> = new Set([
  'BASIC_PASSWORD_MISMATCH',
  'BASIC_NO_CREDENTIALS',
]);

/**
 * Coalesces refused attempts in memory and flushes them in batches.
 *
 * @example const recorder = createRecorder({ flush: (batch) => control.flushAttempts(batch), clock, node: 'a' });
 */
export function createRecorder(options: RecorderOptions): Recorder {
  return new AttemptRecorder(options);
}

class AttemptRecorder implements Recorder {
  readonly #limits: RecorderLimits;
  readonly #buffer: AttemptBuffer;
  readonly #flusher: Flusher;
  readonly #evidence: EvidenceBook;
  readonly #logins: KnownLogins;
  readonly #inspections: Inspections | undefined;
  readonly #counts = { attempts: 0, itemised: 0, aggregated: 0, dropped: 0 };
  #stopped = false;

  constructor(options: RecorderOptions) {
    const limits = { ...RECORDER_LIMITS, ...options.limits };
    this.#limits = limits;
    const evidence = new EvidenceBook(limits);
    const logins = new KnownLogins(limits);
    this.#evidence = evidence;
    this.#logins = logins;
    this.#buffer = new AttemptBuffer({
      limits,
      node: options.node,
      otherBytes: () => evidence.bytes + logins.bytes,
      evidenceOf: (key) => evidence.of(key),
      lastGoodLogin: (attempt) => logins.compare(attempt),
    });
    this.#flusher = new Flusher({
      buffer: this.#buffer,
      flush: options.flush,
      clock: options.clock,
      limits,
      lost: ({ itemised, aggregated }) => {
        this.#counts.itemised -= itemised;
        this.#counts.aggregated -= aggregated;
        this.#counts.dropped += itemised + aggregated;
      },
      skipped: (attempts) => {
        this.#counts.itemised -= attempts;
        this.#counts.dropped += attempts;
      },
    });
    this.#inspections =
      options.inspector &&
      new Inspections(options.inspector, limits.inspectionsMax, (key, hints) => {
        evidence.addHints(key, hints);
        this.#buffer.addHints(key, hints);
        this.#flusher.wake();
      });
  }

  refused(attempt: RefusedAttempt): void {
    this.#counts.attempts += 1;
    this.#counts[this.#stopped ? 'dropped' : this.#take(attempt)] += 1;
    this.#flusher.wake();
  }

  accepted(login: AcceptedLogin): void {
    if (this.#stopped) return;
    this.#buffer.addLogin(login);
    this.#logins.add(login, this.#buffer.room);
    this.#flusher.wake();
  }

  flushNow(): Promise<void> {
    return this.#flusher.drain();
  }

  discardBuffered(): void {
    this.#flusher.discard();
  }

  counters(): RecorderCounters {
    return {
      ...this.#counts,
      entries: this.#buffer.entries,
      entriesMax: this.#limits.entriesMax,
      bytes: this.#buffer.bytes,
      bytesMax: this.#limits.bytesMax,
      ...this.#flusher.counters,
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#inspections?.clear();
    await this.#flusher.stop();
  }

  #take(attempt: RefusedAttempt): 'itemised' | 'aggregated' | 'dropped' {
    try {
      const key = keyOfAttempt(attempt);
      const counted = this.#buffer.add(key, toWrittenAttempt(attempt, this.#limits));
      if (counted === 'itemised') this.#gatherEvidence(key, attempt);
      return counted;
    } catch {
      // A record that cannot be read must neither reach the connection nor go uncounted.
      return 'dropped';
    }
  }

  #gatherEvidence(key: string, { at, secret, reason, clientId, username }: RefusedAttempt): void {
    const isNew = this.#evidence.add(key, at, secret);
    if (!isNew || secret === undefined || clientId === null || !INSPECTED_REASONS.has(reason)) return;
    this.#inspections?.offer(key, clientId, username, secret);
  }
}
