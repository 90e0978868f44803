import type { Clock } from '@gatehouse/ports';
import type { AccessPolicy } from './policy.ts';

interface Remembered {
  readonly allowed: boolean;
  /** Monotonic milliseconds. */
  readonly until: number;
  readonly epoch: number;
}

/** What the source of one session answered of late. */
export class AnswerCache {
  readonly #answers = new Map<string, Remembered>();
  readonly #policy: Pick<AccessPolicy, 'cache' | 'cacheEpoch'>;
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(policy: Pick<AccessPolicy, 'cache' | 'cacheEpoch'>, clock: Pick<Clock, 'monotonic'>) {
    this.#policy = policy;
    this.#clock = clock;
  }

  get(key: string): boolean | undefined {
    const known = this.#answers.get(key);
    if (known === undefined) return undefined;
    if (known.epoch === this.#policy.cacheEpoch && known.until > this.#clock.monotonic())
      return known.allowed;
    this.#answers.delete(key);
    return undefined;
  }

  /** The oldest gives way. */
  set(key: string, allowed: boolean): void {
    const { enabled, entriesMax, ttlMs } = this.#policy.cache;
    if (!enabled) return;
    this.#answers.delete(key);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= entriesMax && oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(key, {
      allowed,
      until: this.#clock.monotonic() + ttlMs,
      epoch: this.#policy.cacheEpoch,
    });
  }

  /** How many still count. */
  get inForce(): number {
    const now = this.#clock.monotonic();
    const { cacheEpoch } = this.#policy;
    let count = 0;
    for (const { epoch, until } of this.#answers.values())
      if (epoch === cacheEpoch && until > now) count += 1;
    return count;
  }

  clear(): void {
    this.#answers.clear();
  }
}
