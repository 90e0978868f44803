import type { Clock } from '@gatehouse/auth-core';

/** Something that is done again and again, one round after the other. */
export interface Rounds {
  /** Ends the rounds; resolves after one more. */
  stop(): Promise<void>;
}

/** Does `round` this many milliseconds after the one before has ended. It must never reject. */
export function startRounds(clock: Clock, intervalMs: number, round: () => Promise<void>): Rounds {
  let isStopped = false;
  let cancel: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();
  const plan = (): void => {
    if (isStopped) return;
    cancel = clock.after(intervalMs, () => {
      running = round().then(plan);
    });
  };
  plan();
  return {
    stop: async () => {
      isStopped = true;
      cancel();
      await running;
      await round();
    },
  };
}
