import { createHmac, randomBytes } from 'node:crypto';
import type { Clock, VerificationSubject } from '@gatehouse/auth-core';
import { LruMap } from './lru-map.ts';

export interface VerifiedCacheLimits {
  readonly entriesMax: number;
  readonly successTtlMs: number;
  readonly failureTtlMs: number;
}

/** What is remembered of a verification. */
export type Remembered = { readonly match: true; readonly needsRehash: boolean } | { readonly match: false };

interface Entry {
  readonly outcome: Remembered;
  /** Monotonic milliseconds: setting the clock must not make a fleet hash again. */
  readonly until: number;
}

/** Failures get this share of the entries, so that guessing never pushes good devices out. */
const FAILURE_SHARE = 0.25;
const KEY_BYTES = 32;
const LENGTH_BYTES = 4;
const VERSION_BYTES = 8;

/**
 * Verifications already done (auth.md §5). The key is an HMAC under a random key of this process, over everything
 * the outcome depends on: a changed credential is another key, and neither passwords nor hashes are kept.
 */
export class VerifiedCache {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #successes: LruMap<string, Entry>;
  readonly #failures: LruMap<string, Entry>;
  readonly #limits: VerifiedCacheLimits;
  readonly #clock: Clock;

  constructor(limits: VerifiedCacheLimits, clock: Clock) {
    const failuresMax = Math.floor(limits.entriesMax * FAILURE_SHARE);
    this.#failures = new LruMap(failuresMax);
    this.#successes = new LruMap(limits.entriesMax - failuresMax);
    this.#limits = limits;
    this.#clock = clock;
  }

  get size(): number {
    return this.#successes.size + this.#failures.size;
  }

  /** Fields follow their lengths, so that no two subjects give the same bytes. */
  keyOf(subject: VerificationSubject): string {
    const texts = [subject.authenticator, subject.identity, subject.hash].map((text) => Buffer.from(text));
    const fields = [...texts, subject.password.reveal()];
    const head = Buffer.alloc(VERSION_BYTES + LENGTH_BYTES * fields.length);
    head.writeDoubleBE(subject.version);
    fields.forEach((field, i) => head.writeUInt32BE(field.length, VERSION_BYTES + LENGTH_BYTES * i));
    return createHmac('sha256', this.#key)
      .update(Buffer.concat([head, ...fields]))
      .digest('base64');
  }

  get(key: string): Remembered | undefined {
    return this.#read(this.#successes, key) ?? this.#read(this.#failures, key);
  }

  set(key: string, outcome: Remembered): void {
    const ttlMs = outcome.match ? this.#limits.successTtlMs : this.#limits.failureTtlMs;
    const side = outcome.match ? this.#successes : this.#failures;
    side.set(key, { outcome, until: this.#clock.monotonic() + ttlMs });
  }

  clear(): void {
    this.#successes.clear();
    this.#failures.clear();
  }

  #read(side: LruMap<string, Entry>, key: string): Remembered | undefined {
    const entry = side.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.#clock.monotonic()) return entry.outcome;
    side.delete(key);
    return undefined;
  }
}
