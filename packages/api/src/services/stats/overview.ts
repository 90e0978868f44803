import type { OverviewDto, overviewQuery } from '@gatehouse/contract';
import type { SeriesRepository, SeriesSums } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { LATE_MS, Levels } from './levels.ts';
import { guessingOf } from './guessing.ts';
import { countClients, incidentsOf, newsOf } from './news.ts';
import { rangeOf, type Range } from './range.ts';
import { trendOf } from './trend.ts';

const COUNTED = ['accepted', 'refused'] as const;

interface Decided {
  readonly accepted: number | null;
  readonly refused: number | null;
  readonly ratio: number | null;
}

const NOTHING_KEPT: Decided = { accepted: null, refused: null, ratio: null };

const decidedOf = ({ sums }: SeriesSums): Decided => {
  const [accepted, refused] = [sums['accepted'] ?? 0, sums['refused'] ?? 0];
  const all = accepted + refused;
  return { accepted, refused, ratio: all === 0 ? null : refused / all };
};

/** The level of clients online at a time, if samples of just then are kept. */
const onlineAt = async (series: SeriesRepository, time: number): Promise<number | null> => {
  const levels = new Levels();
  for (const point of await series.range(time - LATE_MS, time)) levels.take(point);
  return levels.since(time - LATE_MS, 'online') ?? null;
};

/** A range beside the period before it, and what of it is new: from samples, counts and indexes, never from all rows. */
export const getOverview = async (
  ctx: Context,
  query: z.output<typeof overviewQuery>,
): Promise<OverviewDto> => {
  authorize(ctx, 'stats:read');
  const { store, clock } = ctx.house;
  const now = clock.now();
  const range = rangeOf(query, now);
  const before: Range = { from: range.from - (range.to - range.from), to: range.from };
  const { series, unauthorized } = store;
  const [
    sums,
    sumsBefore,
    oldest,
    online,
    onlineBefore,
    facets,
    added,
    addedBefore,
    news,
    incidents,
    guessing,
  ] = await Promise.all([
    series.sums(COUNTED, range),
    series.sums(COUNTED, before),
    series.oldest(),
    onlineAt(series, Math.min(range.to, now + 1)),
    onlineAt(series, range.from),
    unauthorized.facets(range),
    countClients(unauthorized, { firstFrom: range.from, firstTo: range.to }),
    countClients(unauthorized, { firstFrom: before.from, firstTo: before.to }),
    newsOf(store, range),
    incidentsOf(unauthorized, range),
    guessingOf(ctx.house, range),
  ]);
  // A range whose first sample is no later than this after its start is whole.
  const isKept = (from: number): boolean => oldest !== null && oldest <= from + LATE_MS;
  const decided = decidedOf(sums);
  const decidedBefore = isKept(before.from) ? decidedOf(sumsBefore) : NOTHING_KEPT;
  return {
    from: iso(range.from),
    to: iso(range.to),
    beforeFrom: iso(before.from),
    countedFrom: isKept(range.from) ? null : iso(oldest ?? range.to),
    trend: trendOf(decided.refused, decidedBefore.refused),
    accepted: { now: decided.accepted, before: decidedBefore.accepted },
    refused: { now: decided.refused, before: decidedBefore.refused },
    refusalRatio: { now: decided.ratio, before: decidedBefore.ratio },
    online: { now: online, before: onlineBefore },
    refusedClients: {
      clients: facets.clients,
      isExact: !facets.approximate,
      attempts: facets.attempts,
      families: facets.family.map(({ value, count }) => ({ value, clients: count })),
    },
    // Who was refused before anything was kept is in no row: what there is of that period is a lower bound.
    newClients: {
      ...added,
      before: { ...addedBefore, isExact: addedBefore.isExact && isKept(before.from) },
    },
    news,
    incidents,
    guessing,
  };
};
