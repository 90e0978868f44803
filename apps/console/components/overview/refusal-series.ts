import type { SeriesDto } from '@gatehouse/contract';
import type { ChartSeries } from '@/components/charts/types';
import type { TimeRange } from '@/lib/range';
import { FAMILY_LOOK, FAMILY_ORDER } from '@/lib/reasons';
import { everyStep } from '@/lib/series-steps';

/** Names of the API's series: `accepted`, and `refused.<family>` for each family. */
const ACCEPTED = 'accepted';
const REFUSED_PREFIX = 'refused.';
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export interface RefusalSeries {
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly totals: Readonly<Record<string, number>>;
}

/** Turns the API's points into stacked series: refusals by family below, what was accepted on top. */
export function refusalSeries(
  data: SeriesDto,
  range: TimeRange,
  label: (key: string) => string,
): RefusalSeries {
  const steps = everyStep(data, range);
  const column = (name: string): number[] => [...steps.values()].map((values) => values[name] ?? 0);
  const families = FAMILY_ORDER.map((family) => ({
    key: family,
    label: label(family),
    variable: FAMILY_LOOK[family].variable,
    values: column(REFUSED_PREFIX + family),
  })).filter((one) => sum(one.values) > 0);
  const accepted = {
    key: ACCEPTED,
    label: label(ACCEPTED),
    variable: '--color-chart-accepted',
    values: column(ACCEPTED),
  };
  const series: readonly ChartSeries[] = [...families, accepted];
  return {
    times: [...steps.keys()],
    series,
    totals: Object.fromEntries(series.map((one) => [one.key, sum(one.values)])),
  };
}

/** One series of the range as a plain line, for the small charts beside the numbers. */
export const trendOf = (data: SeriesDto, range: TimeRange, name: string): readonly number[] =>
  [...everyStep(data, range).values()].map((values) => values[name] ?? 0);
