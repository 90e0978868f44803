import { performance } from 'node:perf_hooks';
import type { Clock } from '@gatehouse/ports';

/** How often the load is looked at, while anybody is refused. */
const SAMPLE_MS = 25;
/** A load that is older says nothing about now; after so long without anybody served, there is nobody to give way to. */
const FORGET_MS = 1_000;
/** Share of its time that the event loop may be busy before refusals give way. */
const BUSY_SHARE_MAX = 0.65;
/** By how much the delay grows or shrinks in each `SAMPLE_MS`. */
const STEP_UP_MS = 6;
const STEP_DOWN_MS = 2;
/** The shortest share of the delay that one refusal is held back; the others lie between it and the whole. */
const SHARE_MIN = 0.5;
/** Steps by the golden ratio lie as far apart as can be, however many there are. */
const GOLDEN_RATIO = 0.618_033_988_75;

/** Share of the time since it was last asked that this thread's event loop was busy, 0 to 1. */
export function loopLoad(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

/**
 * How long a refusal is held back so that clients with good credentials do not wait behind it. In a storm the event
 * loop accepts one connection per turn, so that every device waits behind all who are refused; a refused client that
 * hears a little later comes back a little later. The delay grows while the loop is busy and shrinks when it is not, or
 * when nobody but refused clients has been there for a second.
 */
export class GivingWay {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #load: () => number;
  readonly #served: () => number;
  readonly #delayMsMax: number;
  readonly #capped: () => void;
  #isCapped = false;
  #sampledAt: number;
  #delayMs = 0;
  #servedBefore = 0;
  #servedAt = -Infinity;
  /** Where in its range the refusal before lay, 0 to 1. */
  #place = 0;

  /**
   * @param load share of the time since it was last asked that the event loop was busy
   * @param served counts up with each login and each message of a client that was let in
   * @param capped told of each refusal that would be held back longer, were it not for `delayMsMax`
   */
  constructor(
    clock: Pick<Clock, 'monotonic'>,
    load: () => number,
    served: () => number,
    delayMsMax: number,
    capped: () => void,
  ) {
    this.#clock = clock;
    this.#load = load;
    this.#served = served;
    this.#delayMsMax = delayMsMax;
    this.#capped = capped;
    this.#sampledAt = clock.monotonic();
  }

  /** Milliseconds by which the refusal at hand is held back; 0 while there is room. */
  delayMs(): number {
    this.#look();
    if (this.#isCapped) this.#capped();
    // Those refused together must not come back together: the loop would be busy in bursts and idle in between.
    this.#place = (this.#place + GOLDEN_RATIO) % 1;
    return this.#delayMs * (SHARE_MIN + (1 - SHARE_MIN) * this.#place);
  }

  #look(): void {
    const now = this.#clock.monotonic();
    const elapsedMs = now - this.#sampledAt;
    if (elapsedMs < SAMPLE_MS) return;
    this.#sampledAt = now;
    const served = this.#served();
    if (served !== this.#servedBefore) this.#servedAt = now;
    this.#servedBefore = served;
    const inNeed = now - this.#servedAt < FORGET_MS && this.#load() > BUSY_SHARE_MAX;
    const step = inNeed ? STEP_UP_MS : -STEP_DOWN_MS;
    const before = elapsedMs > FORGET_MS ? 0 : this.#delayMs;
    // By the time that the load was measured over: after a burst nobody asks until the next one comes.
    const after = before + (step * elapsedMs) / SAMPLE_MS;
    this.#isCapped = after > this.#delayMsMax;
    this.#delayMs = Math.min(this.#delayMsMax, Math.max(0, after));
  }
}
