import { overviewResource, seriesResource, statsResource } from '@/lib/endpoints';
import type { RangeKey, TimeRange } from '@/lib/range';

export const DEFAULT_RANGE: RangeKey = '1h';
const POINTS = 90;

/** What the overview reads for a range; named once for the server's first paint and the browser's later ones. */
export const overviewSources = (range: TimeRange) => ({
  stats: statsResource({ ...range }),
  overview: overviewResource({ ...range }),
  series: seriesResource({ ...range, points: POINTS }),
});
