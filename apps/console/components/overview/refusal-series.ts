import type { SeriesDto } from '@gatehouse/contract';
import type { ChartSeries } from '@/components/charts/types';
import { FAMILY_LOOK, FAMILY_ORDER } from '@/lib/reasons';

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
export function refusalSeries(data: SeriesDto, label: (key: string) => string): RefusalSeries {
  const times = data.points.map((point) => new Date(point.at).getTime());
  const column = (name: string): number[] => data.points.map((point) => point.values[name] ?? 0);
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
  const series = [...families, accepted];
  return { times, series, totals: Object.fromEntries(series.map((one) => [one.key, sum(one.values)])) };
}
