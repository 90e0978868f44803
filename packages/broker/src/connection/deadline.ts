import type { Clock } from '@gatehouse/ports';

/** Milliseconds that one timer waits at most: a day, well below what a Node timer can take. */
const STEP_MS_MAX = 86_400_000;

/** Calls back when the wall clock reaches `at` (milliseconds since the epoch), however far that is; returns a cancel. */
export function watchDeadline(clock: Clock, at: number, reached: () => void): () => void {
  const arm = (): (() => void) =>
    clock.after(Math.min(Math.max(0, at - clock.now()), STEP_MS_MAX), () => {
      if (clock.now() >= at) reached();
      else cancel = arm();
    });
  let cancel = arm();
  return () => {
    cancel();
  };
}
