import type { ChartSeries } from './types';

/** Room above the highest bar. */
const HEADROOM = 1.08;
/** A chart of one or two refusals must not look like a storm. */
const TOP_MIN = 4;
const COUNT_TICKS_MAX = 5;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TIME_STEPS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
];

/** Times from the first bar's beginning to the last one's end, ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Bar {
  readonly key: string;
  readonly variable: string;
  /** Which of the times it stands at. */
  readonly index: number;
  readonly bottom: number;
  readonly value: number;
}

/** Bars are as wide as the step between two times. */
export function spanOf(times: readonly number[]): Span {
  const from = times[0] ?? 0;
  const step = (times[1] ?? from + MINUTE_MS) - from;
  return { from, to: (times.at(-1) ?? from) + step };
}

export const timeAt = (span: Span, share: number): number => span.from + share * (span.to - span.from);

/** Every part that is not zero, from the bottom up. */
export function barsOf(series: readonly ChartSeries[], length: number): readonly Bar[] {
  return Array.from({ length }, (_none, index) => {
    let bottom = 0;
    return series.flatMap(({ key, variable, values }): Bar[] => {
      const value = values[index] ?? 0;
      const bar = { key, variable, index, bottom, value };
      bottom += value;
      return value > 0 ? [bar] : [];
    });
  }).flat();
}

/** The value at the chart's upper edge. */
export const topOf = (bars: readonly Bar[]): number =>
  Math.max(TOP_MIN, ...bars.map(({ bottom, value }) => (bottom + value) * HEADROOM));

/** Round whole numbers between zero and the top, at most five. */
export function countTicks(top: number): readonly number[] {
  const rough = top / COUNT_TICKS_MAX;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_none, index) => index * step);
}

/** Round times of the reader's own clock within the span. */
export function timeTicks({ from, to }: Span, most: number): readonly number[] {
  const step = TIME_STEPS_MS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most);
  const offset = new Date(from).getTimezoneOffset() * MINUTE_MS;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_none, index) => first + index * step);
}
