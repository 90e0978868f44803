import type { Clock } from '@gatehouse/ports';

/** Longest delay a Node timer takes, milliseconds; longer ones fire at once. */
const TIMER_MS_MAX = 2_147_483_647;

/** A timer that is so late was held up by the whole process or machine, and so was whatever it waits for. */
const STALL_MS = 500;

/**
 * The machine's clock. Timers do not keep the process alive: listeners do. After a stall what has arrived meanwhile is
 * read before a timer runs: Node would run the timers first, and cut every client whose packets it has not read yet.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const waitMs = Math.min(Math.max(0, ms), TIMER_MS_MAX);
    const due = performance.now() + waitMs;
    let afterReads: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      if (performance.now() - due < STALL_MS) run();
      else afterReads = setImmediate(run);
    }, waitMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
      clearImmediate(afterReads);
    };
  },
};

/** Milliseconds that one timer of `afterLong` waits at most: a day, well below what a Node timer takes. */
const STEP_MS_MAX = 86_400_000;

/** As `Clock.after`, for any length of time; returns a cancel. */
export function afterLong(clock: Clock, ms: number, run: () => void): () => void {
  const end = clock.monotonic() + ms;
  const arm = (): (() => void) => {
    const leftMs = end - clock.monotonic();
    if (leftMs <= STEP_MS_MAX) return clock.after(leftMs, run);
    return clock.after(STEP_MS_MAX, () => {
      cancel = arm();
    });
  };
  let cancel = arm();
  return () => {
    cancel();
  };
}
