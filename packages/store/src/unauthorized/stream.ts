import type { UnauthorizedClient, UnauthorizedFilter } from '@gatehouse/ports';
import { keysetPage } from '../keyset.ts';
import type { SqlRunner } from '../sql.ts';
import { compileFilter } from './filter.ts';
import { currentGeneration } from './generations.ts';
import { fetchRows } from './page.ts';
import { planOf } from './plan.ts';

/** A part of an export. */
export interface StreamChunk<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The next rows of an export in the table's default order; unlike a page, nothing is counted. */
export async function unauthorizedChunk(
  sql: SqlRunner,
  {
    filter,
    cursor,
    limit,
  }: { readonly filter: UnauthorizedFilter; readonly cursor: string | null; readonly limit: number },
): Promise<StreamChunk<UnauthorizedClient>> {
  const plan = await planOf(sql, await compileFilter(sql, await currentGeneration(sql), filter));
  const sort = { field: 'lastAttemptAt', direction: 'desc' } as const;
  const request = { limit, sort, ...(cursor === null ? {} : { cursor }) };
  const { items, next } = await keysetPage(['unauthorized.stream', filter], request, (walk) =>
    fetchRows(sql, plan, 'lastAttemptAt', walk),
  );
  return { items, next };
}
