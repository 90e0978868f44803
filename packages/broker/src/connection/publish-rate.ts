import type { Clock } from '@gatehouse/ports';

/**
 * What one client may publish: `perSecond` messages, and a burst of one second's worth. A client that
 * is faster is not cut: it is read no further until its turn has come, and its own TCP window holds it back.
 */
export class PublishRate {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#tokens = perSecond;
    this.#filledAt = clock.monotonic();
  }

  /** Counts a message. */
  take(): void {
    this.#tokens -= 1;
  }

  /** Milliseconds until the next message may be read; 0: at once. */
  waitMs(): number {
    if (this.#tokens >= 0) return 0;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(
      this.#perSecond,
      this.#tokens + ((now - this.#filledAt) * this.#perSecond) / 1_000,
    );
    this.#filledAt = now;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1_000) / this.#perSecond);
  }
}
