import type { SeriesDto, seriesQuery } from '@gatehouse/contract';
import type { SeriesPoint } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { LATE_MS, Levels } from './levels.ts';
import { COUNTER_NAMES, LEVEL_NAMES, SERIES_KEPT_MS, SERIES_NAMES, SERIES_STEP_MS } from './names.ts';
import { rangeOf } from './range.ts';

/**
 * Counters of all nodes add up within a step. Of a level the last values stand, of each node its own: also of one whose sample
 * of this step is on its way.
 */
const merge = (into: Record<string, number>, point: SeriesPoint, levels: Levels): void => {
  for (const name of COUNTER_NAMES) into[name] = (into[name] ?? 0) + (point.values[name] ?? 0);
  for (const name of LEVEL_NAMES) into[name] = levels.since(point.at - LATE_MS, name) ?? 0;
};

/** The stored points gathered into steps of equal length, oldest first; a step without points is left out. */
const gather = (
  points: readonly SeriesPoint[],
  from: number,
  stepMs: number,
): { readonly at: number; readonly values: Record<string, number> }[] => {
  const steps = new Map<number, Record<string, number>>();
  const levels = new Levels();
  for (const point of points) {
    levels.take(point);
    if (point.at < from) continue;
    const at = from + Math.floor((point.at - from) / stepMs) * stepMs;
    const values = steps.get(at) ?? {};
    steps.set(at, values);
    merge(values, point, levels);
  }
  return [...steps].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, values }));
};

export const getSeries = async (ctx: Context, query: z.output<typeof seriesQuery>): Promise<SeriesDto> => {
  authorize(ctx, 'stats:read');
  const { store, clock } = ctx.house;
  const now = clock.now();
  const { from, to } = rangeOf(query, now);
  const kept = Math.min(to, Math.max(from, now - SERIES_KEPT_MS));
  const stepMs = Math.max(1, Math.ceil((to - kept) / query.points / SERIES_STEP_MS)) * SERIES_STEP_MS;
  // Aligned to whole steps, so that a chart that is asked for again does not shimmer.
  const start = Math.floor(kept / stepMs) * stepMs;
  const points = await store.series.range(start - LATE_MS, to);
  return {
    stepMs,
    names: [...SERIES_NAMES],
    points: gather(points, start, stepMs).map(({ at, values }) => ({ at: iso(at), values })),
  };
};
