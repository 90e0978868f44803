import type { Clock } from '@gatehouse/auth-core';

/** Bounds of the tester: a person tries a handful of passwords, a guesser would try thousands. */
export const TRY_BUDGET = {
  /** Tries with a password that an actor has at once. */
  burst: 20,
  /** Milliseconds until one more is there. */
  refillMs: 3_000,
  actorsMax: 1_000,
} as const;

/** A token bucket per actor for tries that carry a password, so that the tester is no oracle for guessing. */
export class TryBudget {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one try: 0, or the seconds to wait for the next. */
  take(actorId: string): number {
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(actorId) ?? { tokens: TRY_BUDGET.burst, at: now };
    const tokens = Math.min(TRY_BUDGET.burst, known.tokens + (now - known.at) / TRY_BUDGET.refillMs);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    this.#buckets.delete(actorId);
    this.#buckets.set(actorId, { tokens: left, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > TRY_BUDGET.actorsMax && oldest !== undefined) this.#buckets.delete(oldest);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * TRY_BUDGET.refillMs) / 1000);
  }
}
