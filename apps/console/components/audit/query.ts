import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const auditParsers = {
  search: parseAsString,
  action: parseAsString,
  actor: parseAsString,
  target: parseAsString,
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  sort: parseAsStringLiteral(['-at', 'at']).withDefault('-at'),
  cursor: parseAsString,
  open: parseAsString,
};

interface AuditQuery {
  readonly search: string | null;
  readonly action: string | null;
  readonly actor: string | null;
  readonly target: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

const PAGE_ROWS = 50;

/** The filters alone: of the list and of its export. */
export const auditFilter = (query: AuditQuery, named: readonly string[] = []) => ({
  search: query.search,
  named: named.length === 0 ? null : named.join(','),
  action: query.action,
  actor: query.actor,
  target: query.target,
  from: query.from?.toISOString(),
  to: query.to?.toISOString(),
});

export const auditQuery = (
  query: AuditQuery & { readonly sort: string; readonly cursor: string | null },
  named: readonly string[] = [],
) => ({
  ...auditFilter(query, named),
  sort: query.sort,
  cursor: query.cursor,
  limit: PAGE_ROWS,
});
