import type { Scan, ScanRequest, ScanResult } from '@gatehouse/ports';

/** What one node answered; undefined: nothing in time. */
export interface NodeAnswer<T> {
  readonly node: string;
  readonly value: T | undefined;
}

interface Placed<T> {
  readonly key: string;
  readonly item: T;
}

/** Whether a walk goes up: towards the end of an ascending list, or back in a descending one. */
const goesUp = ({ direction, edge }: ScanRequest): boolean =>
  (direction === 'asc') !== (edge?.side === 'before');

/** The key up to which everything of this page is known; undefined: all of it is. */
const horizonOf = <T>({ keys, next, prev }: Scan<T>, isBackward: boolean): string | undefined =>
  (isBackward ? prev : next) === null ? undefined : isBackward ? keys[0] : keys.at(-1);

/**
 * One page from those that the nodes made for the same request; `nodes` are all that there are. Each holds what is nearest to the edge at its node, so that
 * what is nearest of all is among them.
 */
export function mergeScans<T>(
  answers: readonly NodeAnswer<ScanResult<T>>[],
  request: ScanRequest,
  nodes: readonly string[],
): ScanResult<T> {
  const values = answers.flatMap(({ value }) => value ?? []);
  const pages = values.filter((value) => value !== 'busy');
  if (pages.length < values.length) return 'busy';
  const isUp = goesUp(request);
  const isBackward = request.edge?.side === 'before';
  const isBefore = (one: string, other: string): boolean => (isUp ? one < other : one > other);
  const horizons = pages.flatMap((page) => horizonOf(page, isBackward) ?? []);
  const found = pages
    .flatMap(({ items, keys }) => items.map((item, index): Placed<T> => ({ item, key: keys[index] ?? '' })))
    // Of what lies behind it a node has told some, but not all.
    .filter(({ key }) => horizons.every((horizon) => !isBefore(horizon, key)))
    .sort((one, other) => (one.key === other.key ? 0 : isBefore(one.key, other.key) ? -1 : 1));
  const kept = found.slice(0, request.limit);
  const hasMore = found.length > kept.length || horizons.length > 0;
  // A node that has nothing ahead tells no edge, though all that it holds may lie behind.
  const hasBehind =
    request.edge !== undefined &&
    pages.some(({ next, prev, total, items }) => {
      const [ahead, behind] = isBackward ? [prev, next] : [next, prev];
      return behind !== null || (ahead === null && total > items.length);
    });
  const page = isBackward ? kept.toReversed() : kept;
  return {
    items: page.map(({ item }) => item),
    keys: page.map(({ key }) => key),
    next: (isBackward ? hasBehind : hasMore) ? (page.at(-1)?.key ?? null) : null,
    prev: (isBackward ? hasMore : hasBehind) ? (page[0]?.key ?? null) : null,
    total: pages.reduce((sum, { total }) => sum + total, 0),
    complete: pages.every(({ complete }) => complete),
    nodes,
    missing: answers.flatMap(({ node, value }) => (value === undefined ? [node] : [])).toSorted(),
  };
}

/** The half of a page that is nearer to the edge, for a way that the whole is too large for; undefined: nothing is left to leave out. */
export function halved<T>(page: Scan<T>, request: ScanRequest): Scan<T> | undefined {
  const count = page.items.length >>> 1;
  if (count === 0) return undefined;
  const isBackward = request.edge?.side === 'before';
  const [from, to] = isBackward ? [page.items.length - count, page.items.length] : [0, count];
  const keys = page.keys.slice(from, to);
  return {
    ...page,
    items: page.items.slice(from, to),
    keys,
    ...(isBackward ? { prev: keys[0] ?? null } : { next: keys.at(-1) ?? null }),
  };
}
