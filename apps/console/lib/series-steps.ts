import type { SeriesDto } from '@gatehouse/contract';
import type { TimeRange } from './range';

/** More steps than any range of a page has; guards against a step of nonsense. */
const STEPS_MAX = 2_000;

type Values = SeriesDto['points'][number]['values'];

/** Steps of the whole range by their time (ms), empty ones included: the API leaves out those without a count. */
export function everyStep(data: SeriesDto, range: TimeRange): ReadonlyMap<number, Values> {
  const stepOf = (iso: string): number => Math.floor(Date.parse(iso) / data.stepMs) * data.stepMs;
  const known = new Map(data.points.map((point) => [stepOf(point.at), point.values]));
  const last = Math.max(range.to === undefined ? 0 : stepOf(range.to), ...known.keys());
  const steps = new Map<number, Values>();
  for (let at = stepOf(range.from); at <= last && steps.size < STEPS_MAX; at += data.stepMs) {
    steps.set(at, known.get(at) ?? {});
  }
  return steps;
}
