import type { unauthorizedFilterParams } from '@gatehouse/contract';
import type { UnauthorizedClient, UnauthorizedFilter } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { csvLine } from '@gatehouse/contract/csv';
import { iso } from '../../present/time.ts';
import { presentUnauthorized } from '../../present/unauthorized.ts';
import { toUnauthorizedFilter } from './filter.ts';

type Query = z.output<typeof unauthorizedFilterParams>;

/** Rows read at a time. */
const CHUNK_ROWS = 500;

const COLUMNS = [
  ['last_attempt_at', (row) => iso(row.lastAttemptAt)],
  ['client_id', (row) => row.clientId],
  ['client_id_truncated', (row) => row.clientIdTruncated],
  ['username', (row) => row.username],
  ['password_provided', (row) => row.passwordProvided],
  ['tls_used', (row) => row.tlsUsed],
  ['ip', (row) => row.ip],
  ['reason', (row) => row.reason],
  ['family', (row) => row.family],
  ['detail', (row) => JSON.stringify(row.detail)],
  ['attempts', (row) => row.attempts],
  ['first_attempt_at', (row) => iso(row.firstAttemptAt)],
  ['listener', (row) => row.listener],
  ['protocol', (row) => row.protocol],
  ['authenticator', (row) => row.authenticator],
  ['connack_code', (row) => row.connackCode],
  ['state', (row) => row.state],
  ['node', (row) => row.node],
  ['id', (row) => row.id],
] as const satisfies readonly (readonly [
  string,
  (row: UnauthorizedClient) => string | number | boolean | null,
])[];

/** Exports leave the house, so the audit says who took what. */
const noteExport = async (
  ctx: Context,
  format: 'csv' | 'json',
  filter: UnauthorizedFilter,
): Promise<void> => {
  const actor = authorize(ctx, 'unauthorized:export');
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'unauthorized.export', target: null, after: { format, filter } }),
  );
};

async function* csvOf(ctx: Context, filter: UnauthorizedFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for await (const rows of ctx.house.store.unauthorized.stream(filter, CHUNK_ROWS)) {
    yield rows.map((row) => csvLine(COLUMNS.map(([, read]) => read(row)))).join('');
  }
}

async function* jsonOf(ctx: Context, filter: UnauthorizedFilter): AsyncGenerator<string> {
  let separator = '[';
  for await (const rows of ctx.house.store.unauthorized.stream(filter, CHUNK_ROWS)) {
    for (const row of rows) {
      yield `${separator}\n${JSON.stringify(presentUnauthorized(row))}`;
      separator = ',';
    }
  }
  yield separator === '[' ? '[]\n' : '\n]\n';
}

/** The filtered rows as CSV, in chunks as they are read. */
export const exportUnauthorizedCsv = async (ctx: Context, query: Query): Promise<AsyncIterable<string>> => {
  authorize(ctx, 'unauthorized:export');
  const filter = toUnauthorizedFilter(query);
  await noteExport(ctx, 'csv', filter);
  return csvOf(ctx, filter);
};

/** The filtered rows as one JSON array, in chunks as they are read. */
export const exportUnauthorizedJson = async (ctx: Context, query: Query): Promise<AsyncIterable<string>> => {
  authorize(ctx, 'unauthorized:export');
  const filter = toUnauthorizedFilter(query);
  await noteExport(ctx, 'json', filter);
  return jsonOf(ctx, filter);
};
