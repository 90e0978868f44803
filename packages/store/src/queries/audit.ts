import {
  COUNT_EXACT_MAX,
  type Actor,
  type AuditEntry,
  type AuditFilter,
  type Page,
  type PageRequest,
} from '@gatehouse/ports';
import { keysetPage, valuesOf, walkSql, type Placed, type Walk } from '../keyset.ts';
import {
  and,
  fragment,
  nullableText,
  num,
  or,
  text,
  type Dialect,
  type Fragment,
  type Row,
  type SqlRunner,
} from '../sql.ts';
import type { StreamChunk } from '../unauthorized/stream.ts';

export function auditFromRow(row: Row): AuditEntry {
  const kind = nullableText(row, 'target_kind');
  return {
    id: text(row, 'id'),
    at: num(row, 'at'),
    actor: {
      kind: text(row, 'actor_kind') as Actor['kind'],
      id: text(row, 'actor_id'),
      name: text(row, 'actor_name'),
    },
    action: text(row, 'action'),
    target:
      kind === null
        ? null
        : { kind, id: nullableText(row, 'target_id') ?? '', name: nullableText(row, 'target_name') ?? '' },
    before: JSON.parse(text(row, 'before')),
    after: JSON.parse(text(row, 'after')),
    ip: text(row, 'ip'),
    requestId: text(row, 'request_id'),
    previousHash: text(row, 'previous_hash'),
    hash: text(row, 'hash'),
  };
}

export async function auditPage(
  sql: SqlRunner,
  { filter, request }: { readonly filter: AuditFilter; readonly request: PageRequest<'at'> },
): Promise<Page<AuditEntry>> {
  const where = whereOf(sql.dialect, filter);
  const [row] = await sql.all(
    `SELECT count(*) AS n FROM (SELECT 1 FROM audit_entries WHERE ${where.sql} LIMIT ?) AS found`,
    [...where.values, COUNT_EXACT_MAX + 1],
  );
  const counted = row === undefined ? 0 : num(row, 'n');
  const page = await keysetPage(['audit', filter], request, (walk) => fetchRows(sql, where, walk));
  return { ...page, total: Math.min(counted, COUNT_EXACT_MAX), totalIsExact: counted <= COUNT_EXACT_MAX };
}

/** Oldest first: the order of the hash chain. */
export async function auditChunk(
  sql: SqlRunner,
  { filter, after, limit }: { readonly filter: AuditFilter; readonly after: number; readonly limit: number },
): Promise<StreamChunk<AuditEntry> & { readonly last: number }> {
  const where = whereOf(sql.dialect, filter);
  const rows = await sql.all(
    `SELECT * FROM audit_entries WHERE seq > ? AND ${where.sql} ORDER BY seq LIMIT ?`,
    [after, ...where.values, limit],
  );
  const last = rows.at(-1);
  return { items: rows.map(auditFromRow), next: null, last: last === undefined ? after : num(last, 'seq') };
}

async function fetchRows(
  sql: SqlRunner,
  where: Fragment,
  walk: Walk,
): Promise<readonly Placed<AuditEntry>[]> {
  const parts = walkSql(['at'], 'seq', walk);
  const rows = await sql.all(
    `SELECT * FROM audit_entries WHERE ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    valuesOf(where, parts.where, parts.tail),
  );
  return rows.map((row) => ({
    item: auditFromRow(row),
    position: { values: [num(row, 'at')], id: num(row, 'seq') },
  }));
}

function whereOf(dialect: Dialect, filter: AuditFilter): Fragment {
  const parts: Fragment[] = [];
  if (filter.action !== undefined) parts.push(fragment('action = ?', filter.action));
  if (filter.actorId !== undefined) parts.push(fragment('actor_id = ?', filter.actorId));
  if (filter.targetKind !== undefined) parts.push(fragment('target_kind = ?', filter.targetKind));
  if (filter.targetId !== undefined) parts.push(fragment('target_id = ?', filter.targetId));
  if (filter.from !== undefined) parts.push(fragment('at >= ?', filter.from));
  if (filter.to !== undefined) parts.push(fragment('at < ?', filter.to));
  if (filter.search !== undefined && filter.search !== '') {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const columns = ['action', 'actor_name', 'target_name', 'target_id', 'request_id'];
    const operator = dialect === 'sqlite' ? 'LIKE' : 'ILIKE';
    const texts = columns.map((column) => fragment(`${column} ${operator} ? ESCAPE '\\'`, pattern));
    const named = (filter.named ?? []).map((action) => fragment('action = ?', action));
    parts.push(or([...texts, ...named]));
  }
  return and(parts);
}
