import { networkOf, type Clock } from '@gatehouse/auth-core';
import { hashToken } from './tokens.ts';

/** Bounds of the login throttle (ASVS 6.1.1): it slows guesses down and never locks an account. */
export const LOGIN_THROTTLE = {
  /** Failures of one account from one address before waiting begins. */
  freeFailures: 5,
  /** Failures of one address over all accounts before waiting begins. */
  freeFailuresPerIp: 30,
  firstWaitMs: 2_000,
  waitMsMax: 300_000,
  /** Failures are forgotten this long after the last one. */
  forgetMs: 900_000,
  entriesMax: 20_000,
} as const;

interface Count {
  failures: number;
  lastAt: number;
}

export type Admission =
  | {
      readonly result: 'ok';
      /** Attempts of this account from this address that have not succeeded, this one included. */
      readonly failures: number;
      readonly succeeded: () => void;
      readonly undecided: () => void;
    }
  | { readonly result: 'wait'; readonly retryAfterSeconds: number };

/** A person's IPv6 address is a whole /64: whoever has one has all of it. */
const placeOf = (ip: string): string => (ip.includes(':') ? networkOf(ip) : ip);

/**
 * Counts logins per (account, address) and per address. An attempt counts as failed from the moment it is admitted,
 * so that many at once gain nothing; success takes it back. Another address is never slowed by this one.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admit(account: string, ip: string): Admission {
    const now = this.#clock.now();
    const place = placeOf(ip);
    const pair = { key: hashToken(`${place}\n${account}`), free: LOGIN_THROTTLE.freeFailures };
    const address = { key: hashToken(place), free: LOGIN_THROTTLE.freeFailuresPerIp };
    const waitMs = Math.max(
      this.#waitMs(pair.key, pair.free, now),
      this.#waitMs(address.key, address.free, now),
    );
    if (waitMs > 0) return { result: 'wait', retryAfterSeconds: Math.ceil(waitMs / 1000) };
    const failures = this.#add(pair.key, now);
    this.#add(address.key, now);
    return {
      result: 'ok',
      failures,
      succeeded: () => {
        this.#counts.delete(pair.key);
        this.#takeBack(address.key);
      },
      undecided: () => {
        this.#takeBack(pair.key);
        this.#takeBack(address.key);
      },
    };
  }

  #waitMs(key: string, free: number, now: number): number {
    const count = this.#counts.get(key);
    if (count === undefined || now - count.lastAt > LOGIN_THROTTLE.forgetMs || count.failures < free)
      return 0;
    const wait = Math.min(
      LOGIN_THROTTLE.firstWaitMs * 2 ** (count.failures - free),
      LOGIN_THROTTLE.waitMsMax,
    );
    return Math.max(0, count.lastAt + wait - now);
  }

  #add(key: string, now: number): number {
    const known = this.#counts.get(key);
    const failures =
      known !== undefined && now - known.lastAt <= LOGIN_THROTTLE.forgetMs ? known.failures + 1 : 1;
    this.#counts.delete(key);
    this.#counts.set(key, { failures, lastAt: now });
    // Insertion order is order of use: the first key is the one idle longest.
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > LOGIN_THROTTLE.entriesMax && oldest !== undefined) this.#counts.delete(oldest);
    return failures;
  }

  #takeBack(key: string): void {
    const count = this.#counts.get(key);
    if (count !== undefined && --count.failures <= 0) this.#counts.delete(key);
  }
}
