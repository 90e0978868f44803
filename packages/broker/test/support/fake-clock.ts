import type { Clock } from '@gatehouse/ports';

/** A clock that stands still until it is told to go on; timers run in their order. */
export class FakeClock implements Clock {
  #now = 1_700_000_000_000;
  #monotonic = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#monotonic + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#go(Math.max(next.at, this.#monotonic));
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.run();
    }
    this.#go(end);
  }

  #go(to: number): void {
    this.#now += to - this.#monotonic;
    this.#monotonic = to;
  }
}
