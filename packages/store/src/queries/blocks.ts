import {
  type BlockFilter,
  type BlockSort,
  COUNT_EXACT_MAX,
  type Page,
  type PageRequest,
  type StoredBlock,
} from '@gatehouse/ports';
import { keysetPage, type Placed, valuesOf, type Walk, walkSql } from '../keyset.ts';
import { blockFromRow } from '../repositories/block-record.ts';
import { and, type Dialect, type Fragment, fragment, num, type SqlRunner, text } from '../sql.ts';

/** What never ends sorts after everything that does, what never hit before everything that did. */
const SORT_EXPRESSIONS: Readonly<Record<BlockSort, string>> = {
  createdAt: 'created_at',
  value: 'value',
  expiresAt: 'coalesce(expires_at, 9007199254740991)',
  hits: 'hits',
  lastHitAt: 'coalesce(last_hit_at, 0)',
};

export interface BlockPageQuery {
  readonly filter: BlockFilter;
  readonly request: PageRequest<BlockSort>;
  readonly now: number;
}

/** A page of blocks. There are few enough that no sort needs an index. */
export async function blockPage(
  sql: SqlRunner,
  { filter, request, now }: BlockPageQuery,
): Promise<Page<StoredBlock>> {
  const where = whereOf(sql.dialect, filter, now);
  const [row] = await sql.all(`SELECT count(*) AS n FROM blocks WHERE ${where.sql}`, where.values);
  const total = row === undefined ? 0 : num(row, 'n');
  const page = await keysetPage(['blocks', filter], request, (walk) =>
    fetchRows(sql, where, request.sort.field, walk),
  );
  return { ...page, total: Math.min(total, COUNT_EXACT_MAX), totalIsExact: total <= COUNT_EXACT_MAX };
}

async function fetchRows(
  sql: SqlRunner,
  where: Fragment,
  sort: BlockSort,
  walk: Walk,
): Promise<readonly Placed<StoredBlock>[]> {
  const expression = SORT_EXPRESSIONS[sort];
  const parts = walkSql([expression], 'id', walk);
  const rows = await sql.all(
    `SELECT *, ${expression} AS sort_value FROM blocks WHERE ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    valuesOf(where, parts.where, parts.tail),
  );
  return rows.map((row) => ({
    item: blockFromRow(row),
    position: {
      id: text(row, 'id'),
      values: [sort === 'value' ? text(row, 'sort_value') : num(row, 'sort_value')],
    },
  }));
}

function whereOf(dialect: Dialect, { search, kind, expired }: BlockFilter, now: number): Fragment {
  const parts: Fragment[] = [];
  if (search !== undefined && search !== '') {
    const like = dialect === 'sqlite' ? 'LIKE' : 'ILIKE';
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const test = (column: string): string => `${column} ${like} ? ESCAPE '\\'`;
    parts.push(fragment(`(${test('value')} OR ${test('comment')})`, pattern, pattern));
  }
  if (kind !== undefined) parts.push(fragment('kind = ?', kind));
  if (expired !== undefined) {
    parts.push(fragment(`(expires_at IS NOT NULL AND expires_at <= ?) = ${expired ? 'TRUE' : 'FALSE'}`, now));
  }
  return and(parts);
}
