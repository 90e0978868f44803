import type { MaybePromise, PasswordVerifier, Verification, VerificationSubject } from '@gatehouse/auth-core';
import { checkLight } from './check.ts';
import { costOf } from './cost.ts';
import type { HashPool } from './hash-pool.ts';
import { isInvalid, isLight, needsRehash, type StoredForm } from './stored-form.ts';
import { parseStoredHash } from './stored-hash.ts';
import type { Remembered, VerifiedCache } from './verified-cache.ts';

/** Verifies against stored hashes: from the cache, inline when the form is fast, else on the workers. */
export class CachingVerifier implements PasswordVerifier {
  readonly #cache: VerifiedCache;
  readonly #pool: HashPool;
  readonly #flights = new Map<string, Promise<Verification>>();
  /** `peek` is followed by `verify` of the same subject: one HMAC serves both. */
  #last: { readonly subject: VerificationSubject; readonly key: string } | undefined;
  #verified = 0;
  #cacheHits = 0;

  constructor(cache: VerifiedCache, pool: HashPool) {
    this.#cache = cache;
    this.#pool = pool;
  }

  /** Hashes really computed since start, and answers from the cache. */
  get counters(): { readonly verified: number; readonly cacheHits: number } {
    return { verified: this.#verified, cacheHits: this.#cacheHits };
  }

  peek(subject: VerificationSubject): Verification | undefined {
    const remembered = this.#cache.get(this.#keyOf(subject));
    if (remembered === undefined) return undefined;
    this.#cacheHits += 1;
    return toVerification(remembered, true);
  }

  verify(subject: VerificationSubject): MaybePromise<Verification> {
    const known = this.peek(subject);
    if (known !== undefined) return known;
    const key = this.#keyOf(subject);
    const flight = this.#flights.get(key);
    if (flight !== undefined) return flight;

    const form = parseStoredHash(subject.hash);
    if (isInvalid(form)) return { result: 'invalid-hash', found: form.invalid };
    if (isLight(form)) {
      return this.#conclude(key, form, checkLight(form, subject.password.reveal()));
    }
    return this.#verifySlowly(key, form, subject.password.reveal());
  }

  /** Forgets what is remembered; a changed credential needs no call, since its version is part of the key. */
  invalidateAll(): void {
    this.#cache.clear();
    this.#last = undefined;
  }

  #verifySlowly(key: string, form: StoredForm, password: Uint8Array): MaybePromise<Verification> {
    const job = { kind: 'check', form, password: password.slice() } as const;
    const running = this.#pool.run(job, costOf(form), 'devices');
    if (running === 'busy') return { result: 'busy' };
    const flight = running
      .then((result): Verification =>
        result.kind === 'too-late'
          ? { result: 'busy' }
          : this.#conclude(key, form, result.kind === 'check' && result.match),
      )
      .finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  #conclude(key: string, form: StoredForm, match: boolean): Verification {
    this.#verified += 1;
    const outcome: Remembered = match ? { match, needsRehash: needsRehash(form) } : { match };
    this.#cache.set(key, outcome);
    return toVerification(outcome, false);
  }

  #keyOf(subject: VerificationSubject): string {
    if (this.#last?.subject !== subject) this.#last = { subject, key: this.#cache.keyOf(subject) };
    return this.#last.key;
  }
}

const toVerification = (outcome: Remembered, cached: boolean): Verification =>
  outcome.match
    ? { result: 'match', needsRehash: outcome.needsRehash, cached }
    : { result: 'mismatch', cached };
