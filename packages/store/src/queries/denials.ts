import {
  COUNT_EXACT_MAX,
  type Denial,
  type DenialFilter,
  type DenialTotals,
  type Page,
  type PageRequest,
} from '@gatehouse/ports';
import { keysetPage, type Placed, valuesOf, type Walk, walkSql } from '../keyset.ts';
import {
  and,
  type Dialect,
  type Fragment,
  fragment,
  nullableNum,
  nullableText,
  num,
  type Row,
  type SqlRunner,
  text,
} from '../sql.ts';
import { textFragment } from '../text-filter.ts';

/** A page of denials. There are few enough that no filter needs an index. */
export async function denialPage(
  sql: SqlRunner,
  { filter, request }: { readonly filter: DenialFilter; readonly request: PageRequest<'lastAt'> },
): Promise<Page<Denial>> {
  const where = whereOf(sql.dialect, filter);
  const [row] = await sql.all(`SELECT count(*) AS n FROM access_denials WHERE ${where.sql}`, where.values);
  const total = row === undefined ? 0 : num(row, 'n');
  const page = await keysetPage(['denials', filter], request, (walk) => fetchRows(sql, where, walk));
  return { ...page, total: Math.min(total, COUNT_EXACT_MAX), totalIsExact: total <= COUNT_EXACT_MAX };
}

/** What is stored of denials as a whole. */
export async function denialTotals(sql: SqlRunner): Promise<DenialTotals> {
  const sums = 'CAST(coalesce(sum(attempts), 0) AS BIGINT) AS attempts, min(first_at) AS first_at';
  const [listed] = await sql.all(`SELECT ${sums} FROM access_denials`);
  const [counted] = await sql.all(`SELECT ${sums} FROM access_denial_aggregates`);
  if (listed === undefined || counted === undefined) return { since: null, count: 0, aggregated: 0 };
  const since = [listed, counted].flatMap((row) => nullableNum(row, 'first_at') ?? []);
  const aggregated = num(counted, 'attempts');
  return {
    since: since.length === 0 ? null : Math.min(...since),
    count: num(listed, 'attempts') + aggregated,
    aggregated,
  };
}

async function fetchRows(sql: SqlRunner, where: Fragment, walk: Walk): Promise<readonly Placed<Denial>[]> {
  const parts = walkSql(['last_at'], 'key', walk);
  const rows = await sql.all(
    `SELECT * FROM access_denials WHERE ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    valuesOf(where, parts.where, parts.tail),
  );
  return rows.map((row) => {
    const item = denialFromRow(row);
    return { item, position: { id: item.id, values: [item.lastAt] } };
  });
}

// Rows are written by this package alone, from values of these very types.
const denialFromRow = (row: Row): Denial => ({
  id: text(row, 'key'),
  clientId: text(row, 'client_id'),
  username: nullableText(row, 'username'),
  principal: text(row, 'principal'),
  ip: nullableText(row, 'ip'),
  action: text(row, 'action') as Denial['action'],
  topic: text(row, 'topic'),
  by: text(row, 'denied_by') as Denial['by'],
  rule: JSON.parse(text(row, 'rule')) as Denial['rule'],
  count: num(row, 'attempts'),
  firstAt: num(row, 'first_at'),
  lastAt: num(row, 'last_at'),
});

function whereOf(dialect: Dialect, { clientId, username, topic, action }: DenialFilter): Fragment {
  const parts: Fragment[] = [];
  if (clientId !== undefined) parts.push(textFragment(dialect, 'client_id', clientId));
  if (username !== undefined) parts.push(textFragment(dialect, 'username', username));
  if (topic !== undefined) parts.push(textFragment(dialect, 'topic', topic));
  if (action !== undefined) parts.push(fragment('action = ?', action));
  return and(parts);
}
