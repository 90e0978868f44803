import type { HistogramDto, histogramQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { toUnauthorizedFilter } from './filter.ts';

export const unauthorizedHistogram = async (
  ctx: Context,
  query: z.output<typeof histogramQuery>,
): Promise<HistogramDto> => {
  authorize(ctx, 'unauthorized:read');
  const { store, clock } = ctx.house;
  const histogram = await store.unauthorized.histogram(
    toUnauthorizedFilter(query),
    query.buckets,
    clock.now(),
  );
  return {
    from: iso(histogram.from),
    to: iso(histogram.to),
    bucketMs: histogram.bucketMs,
    buckets: histogram.buckets.map(({ at, counts }) => ({ at: iso(at), counts: { ...counts } })),
    approximate: histogram.approximate,
  };
};
