import type { Clock } from '../needs.ts';

/** A clock that stands still until it is told to go on; for tests. */
export interface ManualClock extends Clock {
  /** Lets `ms` milliseconds pass and runs what became due, in order of its time. */
  advance(ms: number): void;
  /** How many timers are waiting. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Where a manual clock starts unless told otherwise: 2026-01-01T00:00:00Z. */
const START_MS = Date.UTC(2026, 0, 1);

/** Makes a clock at `startMs`, milliseconds since the epoch; its monotonic time starts at 0. */
export function manualClock(startMs: number = START_MS): ManualClock {
  let elapsed = 0;
  const timers = new Set<Timer>();
  const nextDue = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, run };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(ms) {
      const until = elapsed + ms;
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        timers.delete(due);
        elapsed = due.at;
        due.run();
      }
      elapsed = until;
    },
    pending: () => timers.size,
  };
}
