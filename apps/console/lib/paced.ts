import { afterPaint } from './after-paint';

/** Share of the main thread's time that what is paced may take; the rest is for the reader. */
const SHARE_MAX = 0.15;
/** Milliseconds that items wait at most, however slow the machine is. */
const PAUSE_MS_MAX = 5_000;

/** Time as the browser has it; each returns how to call it off. */
export interface PaceClock {
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => () => void;
  /** Runs when what was changed has been drawn. */
  readonly afterPaint: (run: () => void) => () => void;
}

const browserPace: PaceClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  // What was applied tells of itself in a timer of its own, and only then is there something to draw.
  afterPaint: (run) => {
    let callOff = (): void => clearTimeout(told);
    const told = setTimeout(() => (callOff = afterPaint(run)), 0);
    return () => callOff();
  },
};

/**
 * Applies items in their order: the first at once, those that come while it is drawn, and for as long afterwards as keeps
 * the work below its share, together. So a storm is shown as fast as this machine can show it and still be used.
 */
export function paced<T>(
  apply: (items: readonly T[]) => void,
  clock: PaceClock = browserPace,
): { readonly push: (item: T) => void; readonly stop: () => void } {
  const waiting: T[] = [];
  let callOff: (() => void) | undefined;
  const rest = (startedAt: number): void => {
    const pauseMs = Math.min(PAUSE_MS_MAX, (clock.now() - startedAt) * (1 / SHARE_MAX - 1));
    callOff = clock.after(pauseMs, () => {
      callOff = undefined;
      if (waiting.length > 0) work();
    });
  };
  const work = (): void => {
    const startedAt = clock.now();
    // Held until its rest is settled: what is heard while it applies waits with the others.
    callOff = () => undefined;
    apply(waiting.splice(0));
    callOff = clock.afterPaint(() => rest(startedAt));
  };
  return {
    push: (item) => {
      waiting.push(item);
      if (callOff === undefined) work();
    },
    stop: () => {
      callOff?.();
      callOff = undefined;
      waiting.length = 0;
    },
  };
}
