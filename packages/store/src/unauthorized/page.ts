import {
  COUNT_EXACT_MAX,
  type Page,
  type PageRequest,
  type UnauthorizedClient,
  type UnauthorizedFilter,
  type UnauthorizedSort,
} from '@gatehouse/ports';
import { keysetPage, valuesOf, walkSql, type Placed, type Walk } from '../keyset.ts';
import { num, type SqlRunner } from '../sql.ts';
import { compileFilter, type CompiledFilter } from './filter.ts';
import { currentGeneration } from './generations.ts';
import { CLIENT_COLUMNS, CLIENT_JOINS, clientFromRow } from './row.ts';

const SORT_EXPRESSIONS: Readonly<Record<UnauthorizedSort, string>> = {
  lastAttemptAt: 'c.last_at',
  firstAttemptAt: 'c.first_at',
  attempts: 'c.attempts',
  clientId: 'c.client_id',
  username: 'c.username',
  ip: 'c.ip_key',
  reason: 'k.reason',
  listener: 'k.listener',
};

/** One page of the table. @throws InvalidCursorError */
export async function unauthorizedPage(
  sql: SqlRunner,
  {
    filter,
    request,
  }: { readonly filter: UnauthorizedFilter; readonly request: PageRequest<UnauthorizedSort> },
): Promise<Page<UnauthorizedClient>> {
  const compiled = await compileFilter(sql, await currentGeneration(sql), filter);
  const { total, totalIsExact } = await countRows(sql, compiled);
  const scope = ['unauthorized', compiled.generation, filter];
  const page = await keysetPage(scope, request, (walk) => fetchRows(sql, compiled, request.sort.field, walk));
  return { ...page, total, totalIsExact };
}

/** Exact from the counts per class where they suffice, else counted up to {@link COUNT_EXACT_MAX}. */
async function countRows(
  sql: SqlRunner,
  { generation, matching, conditions, where }: CompiledFilter,
): Promise<{ readonly total: number; readonly totalIsExact: boolean }> {
  if (conditions.length === 0) {
    return { total: matching.reduce((sum, { clients }) => sum + clients, 0), totalIsExact: true };
  }
  const [row] = await sql.all(
    `SELECT count(*) AS n FROM (SELECT 1 FROM unauthorized_clients c WHERE c.generation = ? AND ${where.sql} LIMIT ?) AS found`,
    [generation, ...where.values, COUNT_EXACT_MAX + 1],
  );
  const counted = row === undefined ? 0 : num(row, 'n');
  return { total: Math.min(counted, COUNT_EXACT_MAX), totalIsExact: counted <= COUNT_EXACT_MAX };
}

export async function fetchRows(
  sql: SqlRunner,
  { generation, where }: CompiledFilter,
  sort: UnauthorizedSort,
  walk: Walk,
): Promise<readonly Placed<UnauthorizedClient>[]> {
  const expression = SORT_EXPRESSIONS[sort];
  const parts = walkSql(expression, 'c.id', walk);
  const rows = await sql.all(
    `SELECT ${CLIENT_COLUMNS}, ${expression} AS sort_value FROM unauthorized_clients c ${CLIENT_JOINS}
     WHERE c.generation = ? AND ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    [generation, ...valuesOf(where, parts.where, parts.tail)],
  );
  return rows.map((row) => {
    const value = row['sort_value'];
    return {
      item: clientFromRow(row),
      position: {
        id: num(row, 'id'),
        value: typeof value === 'string' && expression !== 'c.last_at' ? value : num(row, 'sort_value'),
      },
    };
  });
}
