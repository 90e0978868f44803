import { hash, randomBytes } from 'node:crypto';
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
/** A whole block of SHA-256. */
const KEY_BYTES = 64;
const LENGTH_BYTES = 4;

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return length;
}

/**
 * Verifications already done (auth.md §5). The key is a digest, under a random key of this process, of everything the
 * outcome depends on: a changed credential is another key, and neither passwords nor hashes are kept. No digest leaves the
 * process and every field has its length, so that one call into OpenSSL does what an HMAC object would for a fifth.
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
    const { authenticator, identity, version } = subject;
    const password = subject.password.reveal();
    const texts = `${authenticator.length} ${identity.length} ${version} ${authenticator}${identity}${subject.hash}`;
    return hash(
      'sha256',
      Buffer.concat([this.#key, lengthOf(password), password, Buffer.from(texts)]),
      'base64',
    );
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
