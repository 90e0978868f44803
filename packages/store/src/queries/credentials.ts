import {
  COUNT_EXACT_MAX,
  type Credential,
  type CredentialFilter,
  type CredentialSort,
  type Page,
  type PageRequest,
} from '@gatehouse/ports';
import type { StreamChunk } from '../unauthorized/stream.ts';
import { keysetPage, valuesOf, walkSql, type Placed, type Walk } from '../keyset.ts';
import { and, fragment, num, text, type Dialect, type Fragment, type SqlRunner } from '../sql.ts';
import { contains, textFragment } from '../text-filter.ts';
import { credentialFromRow } from '../repositories/credential-record.ts';

/** Written as the indexes are, so that they are used; nothing sorts as 0 or empty text. */
const SORT_EXPRESSIONS: Readonly<Record<CredentialSort, string>> = {
  name: 'name',
  username: `coalesce(username, '')`,
  clientId: `coalesce(client_id, '')`,
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  lastUsedAt: 'coalesce(last_used_at, 0)',
  expiresAt: 'coalesce(expires_at, 0)',
};
const TEXT_SORTS: ReadonlySet<CredentialSort> = new Set(['name', 'username', 'clientId']);

export async function credentialPage(
  sql: SqlRunner,
  {
    filter,
    request,
    now,
  }: {
    readonly filter: CredentialFilter;
    readonly request: PageRequest<CredentialSort>;
    readonly now: number;
  },
): Promise<Page<Credential>> {
  const where = whereOf(sql.dialect, filter, now);
  const [row] = await sql.all(
    `SELECT count(*) AS n FROM (SELECT 1 FROM credentials WHERE ${where.sql} LIMIT ?) AS found`,
    [...where.values, COUNT_EXACT_MAX + 1],
  );
  const counted = row === undefined ? 0 : num(row, 'n');
  const page = await keysetPage(['credentials', filter], request, (walk) =>
    fetchRows(sql, where, request.sort.field, walk),
  );
  return { ...page, total: Math.min(counted, COUNT_EXACT_MAX), totalIsExact: counted <= COUNT_EXACT_MAX };
}

export async function credentialChunk(
  sql: SqlRunner,
  {
    filter,
    cursor,
    limit,
    now,
  }: {
    readonly filter: CredentialFilter;
    readonly cursor: string | null;
    readonly limit: number;
    readonly now: number;
  },
): Promise<StreamChunk<Credential>> {
  const where = whereOf(sql.dialect, filter, now);
  const request = {
    limit,
    sort: { field: 'createdAt', direction: 'asc' } as const,
    ...(cursor === null ? {} : { cursor }),
  };
  return keysetPage(['credentials.stream', filter], request, (walk) =>
    fetchRows(sql, where, 'createdAt', walk),
  );
}

/** Tags in use, in order. */
export async function credentialTags(sql: SqlRunner): Promise<readonly string[]> {
  const rows = await sql.all(
    `SELECT DISTINCT t.value AS tag FROM credentials, ${tagsOf(sql.dialect)} ORDER BY 1`,
  );
  return rows.map((row) => text(row, 'tag'));
}

function tagsOf(dialect: Dialect): string {
  return dialect === 'sqlite'
    ? `json_each(CASE WHEN json_valid(credentials.tags) THEN credentials.tags ELSE '[]' END) t`
    : 'json_array_elements_text(credentials.tags::json) AS t(value)';
}

async function fetchRows(
  sql: SqlRunner,
  where: Fragment,
  sort: CredentialSort,
  walk: Walk,
): Promise<readonly Placed<Credential>[]> {
  const expression = SORT_EXPRESSIONS[sort];
  const parts = walkSql([expression], 'id', walk);
  const rows = await sql.all(
    `SELECT *, ${expression} AS sort_value FROM credentials WHERE ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    valuesOf(where, parts.where, parts.tail),
  );
  return rows.map((row) => ({
    item: credentialFromRow(row),
    position: {
      id: text(row, 'id'),
      values: [TEXT_SORTS.has(sort) ? text(row, 'sort_value') : num(row, 'sort_value')],
    },
  }));
}

function whereOf(dialect: Dialect, filter: CredentialFilter, now: number): Fragment {
  const parts: Fragment[] = [];
  if (filter.search !== undefined && filter.search !== '') {
    const any = ['name', 'username', 'client_id', 'identity', 'description'].map((column) =>
      contains(dialect, column, filter.search ?? ''),
    );
    parts.push(fragment(`(${any.map(({ sql }) => sql).join(' OR ')})`, ...valuesOf(...any)));
  }
  if (filter.name !== undefined) parts.push(textFragment(dialect, 'name', filter.name));
  if (filter.username !== undefined) parts.push(textFragment(dialect, 'username', filter.username));
  if (filter.clientId !== undefined) parts.push(textFragment(dialect, 'client_id', filter.clientId));
  if (filter.type !== undefined) parts.push(fragment('type = ?', filter.type));
  if (filter.identity !== undefined) parts.push(textFragment(dialect, 'identity', filter.identity));
  if (filter.enabled !== undefined) parts.push(fragment('enabled = ?', filter.enabled));
  if (filter.superuser !== undefined) parts.push(fragment('superuser = ?', filter.superuser));
  if (filter.tag !== undefined) {
    parts.push(fragment(`EXISTS (SELECT 1 FROM ${tagsOf(dialect)} WHERE t.value = ?)`, filter.tag));
  }
  if (filter.expired !== undefined) {
    parts.push(
      fragment(`(expires_at IS NOT NULL AND expires_at <= ?) = ${filter.expired ? 'TRUE' : 'FALSE'}`, now),
    );
  }
  return and(parts);
}
