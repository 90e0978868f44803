import type { Clock } from '@gatehouse/ports';

/** Longest delay a Node timer takes, milliseconds; longer ones fire at once. */
const TIMER_MS_MAX = 2_147_483_647;

/** The machine's clock. Timers do not keep the process alive: listeners do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), TIMER_MS_MAX));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
