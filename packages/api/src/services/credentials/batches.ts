import { setImmediate } from 'node:timers/promises';

/** Rows handled in one go: a few milliseconds. */
const ROWS_AT_ONCE = 100;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Hands out positions some at a time, and lets the thread serve its clients in between. */
export async function* ranges(count: number): AsyncIterable<Range> {
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    if (from > 0) await setImmediate();
    yield { from, to: Math.min(from + ROWS_AT_ONCE, count) };
  }
}

/** The same of rows. */
export async function* batches<T>(rows: readonly T[]): AsyncIterable<readonly T[]> {
  for await (const { from, to } of ranges(rows.length)) yield rows.slice(from, to);
}
