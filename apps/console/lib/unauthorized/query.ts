import type { FacetsDto, HistogramDto, UnauthorizedClientDto } from '@gatehouse/contract';
import { apiUrl, type Query } from '../api';
import type { PageOf } from '../endpoints';
import { resource, type Resource } from '../resource';
import { serializeSetChoice } from './set-choice';
import { serializeTextChoice } from './text-choice';
import { FLAG_FIELDS, RANGE_MS, SET_FIELDS, TEXT_FIELDS, type View } from './view';

/** How far "now" moves at a time: ranges that count back from it ask again at this pace, not with every tick. */
export const NOW_STEP_MS = 30_000;

const HISTOGRAM_BUCKETS = 96;
export const PATH = '/unauthorized-clients';

export type RefusedPage = PageOf<UnauthorizedClientDto>;

/** The time range of a view as ISO times; a custom one wins over a relative one. */
export function rangeBounds(
  view: Pick<View, 'range' | 'from' | 'to' | 'at'>,
  now: number,
): { readonly from?: string; readonly to?: string } {
  if (view.from !== null || view.to !== null) {
    return {
      ...(view.from === null ? {} : { from: view.from.toISOString() }),
      ...(view.to === null ? {} : { to: view.to.toISOString() }),
    };
  }
  if (view.range === 'all') return {};
  const end = view.at?.getTime() ?? Math.floor(now / NOW_STEP_MS) * NOW_STEP_MS;
  return { from: new Date(end - RANGE_MS[view.range]).toISOString() };
}

/** The API's filters of a view: the same for the list, facets, histogram, export and deletion. */
export function filterQuery(view: View, now: number): Readonly<Record<string, string>> {
  const query: Record<string, string> = { ...rangeBounds(view, now) };
  if (view.firstFrom !== null) query['firstFrom'] = view.firstFrom.toISOString();
  if (view.firstTo !== null) query['firstTo'] = view.firstTo.toISOString();
  if (view.search !== null) query['search'] = view.search;
  if (view.state !== 'all') query['state'] = view.state;
  for (const field of SET_FIELDS) {
    const choice = view[field];
    if (choice !== null) query[field] = serializeSetChoice(choice);
  }
  for (const field of TEXT_FIELDS) {
    const choice = view[field];
    if (choice !== null) query[field] = serializeTextChoice(choice);
  }
  for (const field of FLAG_FIELDS) {
    const choice = view[field];
    if (choice !== null) query[field] = String(choice);
  }
  return query;
}

/** What changes while the page is live: without the range, for a row that changes now is in it. */
export function streamQuery(view: View): Query {
  const { from: _from, to: _to, ...filters } = filterQuery(view, 0);
  return filters;
}

const listQuery = (view: View, now: number): Query => ({
  ...filterQuery(view, now),
  sort: view.sort,
  limit: view.limit,
  cursor: view.cursor,
});

const histogramQuery = (view: View, now: number): Query => ({
  ...filterQuery(view, now),
  buckets: HISTOGRAM_BUCKETS,
});

/** A resource whose range may end now: its key is that of a fixed time, so that it stays while time goes on. */
const moving = <T>(
  path: string,
  queryAt: (view: View, now: number) => Query,
  view: View,
  now: number,
): Resource<T> => resource<T>(path, queryAt(view, now), apiUrl('', queryAt(view, 0)));

export const listResource = (view: View, now: number): Resource<RefusedPage> =>
  moving(PATH, listQuery, view, now);

export const facetsResource = (view: View, now: number): Resource<FacetsDto> =>
  moving(`${PATH}/facets`, filterQuery, view, now);

export const histogramResource = (view: View, now: number): Resource<HistogramDto> =>
  moving(`${PATH}/histogram`, histogramQuery, view, now);
