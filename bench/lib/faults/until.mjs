import { setTimeout as pause } from 'node:timers/promises';

const CHECK_MS = 50;

/** Waits until something is so; resolves to the milliseconds that it took, or null after `msMax`. */
export async function until(isSo, msMax) {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > msMax) return null;
    await pause(CHECK_MS);
  }
  return performance.now() - started;
}
