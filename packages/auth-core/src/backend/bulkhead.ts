import type { Clock } from '../needs.ts';

/** How much is asked of a backend at a time. */
export interface BulkheadOptions {
  readonly concurrentMax: number;
  readonly waitingMax: number;
  /** Milliseconds after which nobody waits for the answer any more. */
  readonly waitMsMax: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

interface Waiter {
  readonly since: number;
  readonly enter: () => void;
  readonly giveUp: () => void;
}

/** Bounds what is under way to one backend, so that a slow one takes neither memory nor other backends' time. */
export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #waiting: Waiter[] = [];
  #running = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** A place at once, later, or never ('full'). Whoever gets one gives it back with {@link leave}. */
  enter(): 'entered' | 'full' | Promise<'entered' | 'full'> {
    if (this.#running < this.#options.concurrentMax) {
      this.#running += 1;
      return 'entered';
    }
    if (this.#waiting.length >= this.#options.waitingMax) return 'full';
    return new Promise((resolve) => {
      this.#waiting.push({
        since: this.#options.clock.monotonic(),
        enter: () => {
          resolve('entered');
        },
        giveUp: () => {
          resolve('full');
        },
      });
    });
  }

  leave(): void {
    const now = this.#options.clock.monotonic();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (now - next.since <= this.#options.waitMsMax) {
        next.enter();
        return;
      }
      next.giveUp();
    }
    this.#running -= 1;
  }
}
