import {
  mismatchCandidates,
  type BasicCredential,
  type Clock,
  type MaybePromise,
  type Secret,
} from '@gatehouse/auth-core';
import type { MismatchHint, MismatchInspector } from '@gatehouse/ports';
import { checkLight } from './check.ts';
import { costOf } from './cost.ts';
import type { HashPool } from './hash-pool.ts';
import { HASHING_LIMITS } from './limits.ts';
import { isInvalid, isLight, type StoredForm } from './stored-form.ts';
import { parseStoredHash } from './stored-hash.ts';

const MINUTE_MS = 60_000;

/** A question: would this password have matched that stored hash, and what would it mean? */
interface Probe {
  readonly hint: MismatchHint;
  readonly hash: string;
  readonly password: Uint8Array;
}

/**
 * Finds out why a password did not match. Fast forms are tried at once; slow ones only while no client waits for a
 * worker, and within a budget per minute, so that evidence never costs a login.
 */
export function createInspector(pool: HashPool, clock: Clock): MismatchInspector {
  const budget = new MinuteBudget(HASHING_LIMITS.inspectionHashesPerMinuteMax, clock);

  const matches = (form: StoredForm, password: Uint8Array): MaybePromise<boolean> => {
    if (isLight(form)) return checkLight(form, password);
    if (pool.queued > 0 || !budget.take()) return false;
    const running = pool.run({ kind: 'check', form, password: password.slice() }, costOf(form), 'devices');
    if (running === 'busy') return false;
    return running.then((result) => result.kind === 'check' && result.match);
  };

  return {
    async hints(credential, username, password, others) {
      const found = new Set<MismatchHint>();
      for (const { hint, hash, password: tried } of probesOf(credential, username, password, others)) {
        if (found.has(hint)) continue;
        const form = parseStoredHash(hash);
        if (isInvalid(form)) continue;
        const match = matches(form, tried);
        if (typeof match === 'boolean' ? match : await match) found.add(hint);
      }
      return [...found];
    },
  };
}

/** The likeliest first, since the budget may end. */
function probesOf(
  credential: BasicCredential,
  username: string | null,
  password: Secret<Uint8Array>,
  others: readonly BasicCredential[],
): readonly Probe[] {
  const sent = password.reveal();
  const { previousSecret, secretHash } = credential;
  const fits = (wanted: string | undefined): boolean =>
    credential.username === null || credential.username === wanted;
  const candidates = mismatchCandidates(username ?? undefined, sent).filter((candidate) =>
    fits(candidate.username),
  );
  const probe = (hint: MismatchHint, hash: string | null, tried: Uint8Array): readonly Probe[] =>
    hash === null ? [] : [{ hint, hash, password: tried }];
  return [
    ...probe('previous-secret', previousSecret?.hash ?? null, sent),
    ...candidates.flatMap((candidate) => probe(candidate.hint, secretHash, candidate.password)),
    ...others.flatMap((other) => probe('password-of-other-identity', other.secretHash, sent)),
  ];
}

/** So many per minute, counted in windows. */
class MinuteBudget {
  readonly #max: number;
  readonly #clock: Clock;
  #windowStart = -Infinity;
  #used = 0;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  take(): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#windowStart >= MINUTE_MS) {
      this.#windowStart = now;
      this.#used = 0;
    }
    if (this.#used >= this.#max) return false;
    this.#used += 1;
    return true;
  }
}
