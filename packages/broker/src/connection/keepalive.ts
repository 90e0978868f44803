import type { Clock } from '@gatehouse/ports';

/** Watches that a client keeps its promise to speak ([MQTT-3.1.2-22]: one and a half times the keep-alive). */
export interface KeepAlive {
  /** Something was received. */
  touch(): void;
  stop(): void;
}

/**
 * One timer that is set again for what is left, not once per packet. Who `isExcused` just then is not read, and so cannot
 * be heard: its time begins anew.
 */
export function watchKeepAlive(
  clock: Clock,
  seconds: number,
  silent: () => void,
  isExcused: () => boolean = () => false,
): KeepAlive {
  const graceMs = seconds * 1_500;
  let lastAt = clock.monotonic();
  const check = (): void => {
    if (isExcused()) lastAt = clock.monotonic();
    const leftMs = lastAt + graceMs - clock.monotonic();
    if (leftMs <= 0) silent();
    else cancel = clock.after(leftMs, check);
  };
  let cancel = clock.after(graceMs, check);
  return {
    touch: () => {
      lastAt = clock.monotonic();
    },
    stop: () => {
      cancel();
    },
  };
}
