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

  keyOf(subject: VerificationSubject): string {
    const version = Buffer.alloc(VERSION_BYTES);
    version.writeDoubleBE(subject.version);
    const hmac = createHmac('sha256', this.#key);
    for (const part of [
      subject.authenticator,
      subject.identity,
      version,
      subject.hash,
      subject.password.reveal(),
    ]) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest('base64');
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
