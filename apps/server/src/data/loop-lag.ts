import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between the monitor's own timers; what a quiet loop shows, and is subtracted. */
const RESOLUTION_MS = 10;
const NANOSECONDS_PER_MS = 1e6;

export interface LoopLag {
  /** How late timers came since the window began; the window begins anew every minute. */
  read(): { readonly p50: number; readonly p99: number; readonly max: number };
  close(): void;
}

const WINDOW_MS = 60_000;

/** Watches how long this thread's event loop is held up. */
export function watchLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const timer = setInterval(() => histogram.reset(), WINDOW_MS);
  timer.unref();
  const lag = (nanoseconds: number): number => {
    const ms = nanoseconds / NANOSECONDS_PER_MS - RESOLUTION_MS;
    return Number.isFinite(ms) ? Math.max(0, Math.round(ms * 1000) / 1000) : 0;
  };
  return {
    read: () =>
      histogram.count === 0
        ? { p50: 0, p99: 0, max: 0 }
        : { p50: lag(histogram.percentile(50)), p99: lag(histogram.percentile(99)), max: lag(histogram.max) },
    close: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
