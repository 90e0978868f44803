import {
  COUNT_EXACT_MAX,
  type Page,
  type PageRequest,
  type UnauthorizedClient,
  type UnauthorizedFilter,
  type UnauthorizedSort,
} from '@gatehouse/ports';
import { keysetPage, type Placed, type Walk } from '../keyset.ts';
import { marks, num, type SqlRunner } from '../sql.ts';
import { compileFilter } from './filter.ts';
import { currentGeneration } from './generations.ts';
import { findRows } from './find.ts';
import { countRows, planOf, type FilterPlan } from './plan.ts';
import { CLIENT_COLUMNS, CLIENT_JOINS, clientFromRow } from './row.ts';
import type { FoundRow } from './walks.ts';

/** One page of the table. @throws InvalidCursorError */
export async function unauthorizedPage(
  sql: SqlRunner,
  {
    filter,
    request,
  }: { readonly filter: UnauthorizedFilter; readonly request: PageRequest<UnauthorizedSort> },
): Promise<Page<UnauthorizedClient>> {
  const plan = await planOf(sql, await compileFilter(sql, await currentGeneration(sql), filter));
  const scope = ['unauthorized', plan.filter.generation, filter];
  const page = await keysetPage(scope, request, (walk) => fetchRows(sql, plan, request.sort.field, walk));
  if (request.cursor === undefined && page.next === null) {
    return { ...page, total: page.items.length, totalIsExact: true };
  }
  const counted = await countRows(sql, plan, COUNT_EXACT_MAX);
  // Those on the page were seen, too.
  const total = Math.max(counted.rows, page.items.length);
  return { ...page, total, totalIsExact: counted.exact };
}

/** First which rows, from the indexes alone as far as can be, then all of each. */
export async function fetchRows(
  sql: SqlRunner,
  plan: FilterPlan,
  sort: UnauthorizedSort,
  walk: Walk,
): Promise<readonly Placed<UnauthorizedClient>[]> {
  const found = await findRows(sql, plan, sort, walk);
  const clients = await clientsById(sql, found);
  return found.flatMap(({ id, values }) => {
    const item = clients.get(id);
    return item === undefined ? [] : [{ item, position: { id, values } }];
  });
}

async function clientsById(
  sql: SqlRunner,
  found: readonly FoundRow[],
): Promise<ReadonlyMap<number, UnauthorizedClient>> {
  if (found.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT ${CLIENT_COLUMNS} FROM unauthorized_clients c ${CLIENT_JOINS} WHERE c.id IN (${marks(found.length)})`,
    found.map(({ id }) => id),
  );
  return new Map(rows.map((row) => [num(row, 'id'), clientFromRow(row)]));
}
