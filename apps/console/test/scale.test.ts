import { describe, expect, it } from 'vitest';
import { barsOf, countTicks, spanOf, timeAt, timeTicks, topOf } from '../components/charts/scale.ts';

const MINUTE_MS = 60_000;
const series = (key: string, values: readonly number[]) => ({
  key,
  label: key,
  variable: `--${key}`,
  values,
});

describe('stacked chart', () => {
  it('stacks each bar on what is below it and leaves out what is zero', () => {
    const bars = barsOf([series('a', [2, 0]), series('b', [3, 1])], 2);
    expect(bars.map(({ key, index, bottom, value }) => [key, index, bottom, value])).toEqual([
      ['a', 0, 0, 2],
      ['b', 0, 2, 3],
      ['b', 1, 0, 1],
    ]);
    expect(topOf(bars)).toBeGreaterThan(5);
  });

  it('does not blow up a single refusal to the whole height', () => {
    expect(topOf(barsOf([series('a', [1])], 1))).toBe(4);
    expect(topOf([])).toBe(4);
  });

  it('spans from the first bar to the end of the last', () => {
    const span = spanOf([0, MINUTE_MS, 2 * MINUTE_MS]);
    expect(span).toEqual({ from: 0, to: 3 * MINUTE_MS });
    expect(timeAt(span, 0.5)).toBe(1.5 * MINUTE_MS);
    expect(spanOf([]).to).toBeGreaterThan(0);
  });

  it.each([4, 7, 10, 33, 999, 1_000_000])('counts in few round whole numbers up to %d', (top) => {
    const ticks = countTicks(top);
    expect(ticks[0]).toBe(0);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every((tick) => Number.isInteger(tick) && tick <= top)).toBe(true);
  });

  it.each([15, 60, 24 * 60, 30 * 24 * 60])('labels a range of %d minutes without crowding it', (minutes) => {
    const span = { from: 1_700_000_123_000, to: 1_700_000_123_000 + minutes * MINUTE_MS };
    const ticks = timeTicks(span, 7);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(ticks.every((tick) => tick >= span.from && tick <= span.to)).toBe(true);
  });
});
