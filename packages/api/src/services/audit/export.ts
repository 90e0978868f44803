import type { auditExportQuery } from '@gatehouse/contract';
import type { AuditFilter } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { csvLine } from '@gatehouse/contract/csv';
import { iso } from '../../present/time.ts';
import { toAuditFilter } from './list.ts';

const CHUNK_ROWS = 500;
const COLUMNS = [
  'at',
  'actor_kind',
  'actor',
  'action',
  'target_kind',
  'target_id',
  'target',
  'before',
  'after',
  'ip',
  'request_id',
  'hash',
];

const jsonText = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

async function* csvOf(ctx: Context, filter: AuditFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const entries of ctx.house.store.audit.stream(filter, CHUNK_ROWS)) {
    yield entries
      .map(({ at, actor, action, target, before, after, ip, requestId, hash }) =>
        csvLine([
          iso(at),
          actor.kind,
          actor.name,
          action,
          target?.kind ?? null,
          target?.id ?? null,
          target?.name ?? null,
          jsonText(before),
          jsonText(after),
          ip,
          requestId,
          hash,
        ]),
      )
      .join('');
  }
}

/** The audit as CSV; taking it is itself audited. */
export const exportAudit = async (
  ctx: Context,
  query: z.output<typeof auditExportQuery>,
): Promise<AsyncIterable<string>> => {
  const actor = authorize(ctx, 'audit:read');
  const filter = toAuditFilter(query);
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'audit.export', target: null, after: { filter } }),
  );
  return csvOf(ctx, filter);
};
