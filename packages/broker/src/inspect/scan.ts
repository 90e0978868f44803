import { setImmediate } from 'node:timers/promises';
import type { Scan, ScanRequest } from '@gatehouse/ports';
import { INSPECT_BOUNDS } from './bounds.ts';

/** A list that is looked through piece by piece: visits at most `count` entries and says whether there are more. */
export type ScanSource<T> = (count: number, visit: (entry: T) => void) => boolean;

/** Entries of an iterator as a source. */
export function sourceOf<T>(entries: Iterator<T>): ScanSource<T> {
  return (count, visit) => {
    for (let left = count; left > 0; left -= 1) {
      const next = entries.next();
      if (next.done === true) return false;
      visit(next.value);
    }
    return true;
  };
}

/** Visits everything, up to the bound, a slice per turn of the event loop; false when it ended at the bound. */
export async function visitAll<T>(source: ScanSource<T>, visit: (entry: T) => void): Promise<boolean> {
  const { sliceItemsMax, scannedItemsMax } = INSPECT_BOUNDS;
  for (let scanned = 0; scanned < scannedItemsMax; scanned += sliceItemsMax) {
    if (!source(sliceItemsMax, visit)) return true;
    await setImmediate();
  }
  return false;
}

/** What is looked for, and in which order. */
export interface Query<T, D> {
  readonly matches: (entry: T) => boolean;
  readonly keyOf: (entry: T) => string;
  /** Made for the page alone. */
  readonly present: (entry: T) => D;
}

/** One page of a list in memory, ordered by key; no more than the page is ever kept. */
export async function scan<T, D>(
  source: ScanSource<T>,
  query: Query<T, D>,
  request: ScanRequest,
  node: string,
): Promise<Scan<D>> {
  const page = new PageOfKeys<T>(request);
  const complete = await visitAll(source, (entry) => {
    if (query.matches(entry)) page.offer(query.keyOf(entry), entry);
  });
  const { entries, next, prev } = page.read();
  return {
    items: entries.map(({ entry }) => query.present(entry)),
    keys: entries.map(({ key }) => key),
    next,
    prev,
    total: page.total,
    complete,
    nodes: [node],
    missing: [],
  };
}

interface Placed<T> {
  readonly key: string;
  readonly entry: T;
}

/** Keeps the entries nearest to an edge, whatever the order in which they are offered. */
class PageOfKeys<T> {
  readonly #request: ScanRequest;
  /** Ascending where the walk goes up: towards the end of an ascending list, or back in a descending one. */
  readonly #up: boolean;
  /** In the order of the walk, one more than the page holds. */
  readonly #nearest: Placed<T>[] = [];
  /** Something matches on the other side of the edge. */
  #behind = false;
  #total = 0;

  constructor(request: ScanRequest) {
    this.#request = request;
    this.#up = (request.direction === 'asc') !== (request.edge?.side === 'before');
  }

  get total(): number {
    return this.#total;
  }

  offer(key: string, entry: T): void {
    this.#total += 1;
    const { edge, limit } = this.#request;
    if (edge !== undefined && !this.#isBefore(edge.key, key)) {
      this.#behind = true;
      return;
    }
    const last = this.#nearest.at(-1);
    if (this.#nearest.length > limit && last !== undefined && !this.#isBefore(key, last.key)) return;
    this.#nearest.splice(this.#placeOf(key), 0, { key, entry });
    if (this.#nearest.length > limit + 1) this.#nearest.pop();
  }

  read(): {
    readonly entries: readonly Placed<T>[];
    readonly next: string | null;
    readonly prev: string | null;
  } {
    const { edge, limit } = this.#request;
    const backward = edge?.side === 'before';
    const more = this.#nearest.length > limit;
    const kept = this.#nearest.slice(0, limit);
    const page = backward ? kept.reverse() : kept;
    return {
      entries: page,
      next: (backward ? this.#behind : more) ? (page.at(-1)?.key ?? null) : null,
      prev: (backward ? more : this.#behind) ? (page.at(0)?.key ?? null) : null,
    };
  }

  #isBefore(one: string, other: string): boolean {
    return this.#up ? one < other : one > other;
  }

  /** Where a key belongs, by halving. */
  #placeOf(key: string): number {
    let low = 0;
    let high = this.#nearest.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(this.#nearest[middle]?.key ?? '', key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
