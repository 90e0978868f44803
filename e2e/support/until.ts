import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Waits for something to become observable: asks again until `probe` gives a value. For states that no event announces
 * (a file, a row read through the API); it fails loudly at the deadline, and no test passes because time went by.
 */
export async function until<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`not within ${String(deadlineMs)} ms: ${what}`);
    await pause(POLL_MS);
  }
}
