import { setImmediate } from 'node:timers/promises';

/** Rows handled in one go: a few milliseconds. */
const ROWS_AT_ONCE = 100;

/** Hands out rows some at a time, and lets the thread serve its clients in between. */
export async function* batches<T>(rows: readonly T[]): AsyncIterable<readonly T[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    if (start > 0) await setImmediate();
    yield rows.slice(start, start + ROWS_AT_ONCE);
  }
}
