import type { Clock } from '@gatehouse/ports';
import { Lru } from '../recorder/lru.ts';

/** Client IDs whose connects are counted; beyond, the one that came longest ago is forgotten. */
const CLIENTS_MAX = 4_096;
const MINUTE_MS = 60_000;
/** The part of a minute's worth that may come at once. */
const BURST_SHARE = 1 / 6;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * How often one client ID may be admitted: two devices of one ID take the session from each other for ever, and a device
 * that is refused something may come back a thousand times a second.
 */
export class ConnectRate {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #buckets = new Lru<string, Bucket>(CLIENTS_MAX, () => undefined);

  /** `perMinute` 0 sets no bound. */
  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Counts a connect; false when it is one too many. */
  admit(clientId: string): boolean {
    if (this.#perMinute === 0) return true;
    const bucket = this.#filled(clientId);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #filled(clientId: string): Bucket {
    const now = this.#clock.monotonic();
    const most = Math.max(1, this.#perMinute * BURST_SHARE);
    const known = this.#buckets.get(clientId);
    const bucket = known ?? { tokens: most, filledAt: now };
    if (known === undefined) this.#buckets.set(clientId, bucket);
    const earned = ((now - bucket.filledAt) * this.#perMinute) / MINUTE_MS;
    bucket.tokens = Math.min(most, bucket.tokens + earned);
    bucket.filledAt = now;
    return bucket;
  }
}
