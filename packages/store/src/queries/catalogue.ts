import type { SqlRunner } from '../sql.ts';
import { expiredHidden } from '../unauthorized/deletions.ts';
import { unauthorizedPage } from '../unauthorized/page.ts';
import { unauthorizedChunk } from '../unauthorized/stream.ts';
import {
  unauthorizedFacets,
  unauthorizedGroups,
  unauthorizedHistogram,
  unauthorizedRelated,
  unauthorizedTop,
} from '../unauthorized/summaries.ts';
import { auditChunk, auditPage } from './audit.ts';
import { blockPage } from './blocks.ts';
import { certificatePage } from './certificates.ts';
import { credentialChunk, credentialPage, credentialTags } from './credentials.ts';
import { denialPage, denialTotals } from './denials.ts';
import { seriesSums } from './series.ts';

/** Every read that may take its time, by name: what the query thread can be asked. Arguments and results are plain. */
const QUERIES = {
  'unauthorized.page': unauthorizedPage,
  'unauthorized.chunk': unauthorizedChunk,
  'unauthorized.facets': unauthorizedFacets,
  'unauthorized.histogram': unauthorizedHistogram,
  'unauthorized.groups': unauthorizedGroups,
  'unauthorized.related': unauthorizedRelated,
  'unauthorized.top': unauthorizedTop,
  'unauthorized.expired-hidden': expiredHidden,
  'audit.page': auditPage,
  'audit.chunk': auditChunk,
  'blocks.page': blockPage,
  'certificates.page': certificatePage,
  'credentials.page': credentialPage,
  'credentials.chunk': credentialChunk,
  'credentials.tags': credentialTags,
  'denials.page': denialPage,
  'denials.totals': denialTotals,
  'series.sums': seriesSums,
} as const;

export type QueryName = keyof typeof QUERIES;
export type QueryArguments<N extends QueryName> = Parameters<(typeof QUERIES)[N]>[1];
export type QueryResult<N extends QueryName> = Awaited<ReturnType<(typeof QUERIES)[N]>>;

/** Runs a query by name; the caller vouches that the arguments are the query's own. */
export function runQuery(sql: SqlRunner, name: QueryName, args: unknown): Promise<unknown> {
  const query = QUERIES[name] as (runner: SqlRunner, args: unknown) => Promise<unknown>;
  return query(sql, args);
}

/** {@link runQuery} with its types, where the query runs in this thread. */
export function runQueryHere<N extends QueryName>(
  sql: SqlRunner,
  name: N,
  args: QueryArguments<N>,
): Promise<QueryResult<N>> {
  return runQuery(sql, name, args) as Promise<QueryResult<N>>;
}
