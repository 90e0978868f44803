/** A page of any list of the API. */
interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Rows that the API gives at a time. */
export const PAGE = 200;

/** As many rows as were asked for, page by page. */
export async function collectPages<T>(
  count: number,
  fetchPage: (paging: {
    readonly limit: number;
    readonly cursor: string | undefined;
  }) => Promise<ListPage<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage({ limit: Math.min(PAGE, count - items.length), cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < count);
  return items;
}
