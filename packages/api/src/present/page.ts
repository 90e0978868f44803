import type { Page, PageRequest } from '@gatehouse/ports';

/** A store's page with its items as the contract writes them. */
export const presentPage = <T, D>(page: Page<T>, present: (item: T) => D) => ({
  items: page.items.map(present),
  next: page.next,
  prev: page.prev,
  total: page.total,
  totalIsExact: page.totalIsExact,
});

interface ListQuery<F extends string> {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: { readonly field: F; readonly direction: 'asc' | 'desc' };
}

export const pageRequest = <F extends string>(query: ListQuery<F>): PageRequest<F> => ({
  limit: query.limit,
  cursor: query.cursor,
  sort: query.sort,
});
