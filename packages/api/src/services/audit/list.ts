import type { auditExportQuery, auditQuery } from '@gatehouse/contract';
import type { AuditFilter } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { defined } from '../../present/defined.ts';
import { pageRequest, presentPage } from '../../present/page.ts';
import { presentAuditEntry } from '../../present/people.ts';
import { msOf } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';

/** `kind:id`, or an id alone. */
const targetOf = (text: string | undefined) => {
  if (text === undefined) return {};
  const colon = text.indexOf(':');
  return colon < 0
    ? { targetId: text }
    : { targetKind: text.slice(0, colon), targetId: text.slice(colon + 1) };
};

export const toAuditFilter = (query: z.output<typeof auditExportQuery>): AuditFilter => ({
  ...defined({
    action: query.action,
    actorId: query.actor,
    search: query.search,
    named: query.named?.split(','),
    from: query.from === undefined ? undefined : msOf(query.from),
    to: query.to === undefined ? undefined : msOf(query.to),
  }),
  ...targetOf(query.target),
});

export const listAudit = async (ctx: Context, query: z.output<typeof auditQuery>) => {
  authorize(ctx, 'audit:read');
  const page = await ctx.house.store.audit.page(toAuditFilter(query), pageRequest(query));
  return presentPage(page, presentAuditEntry);
};

export const getAuditEntry = async (ctx: Context, id: string) => {
  authorize(ctx, 'audit:read');
  const entry = await ctx.house.store.audit.get(id);
  if (entry === null) throw new ProblemError('not-found');
  return presentAuditEntry(entry);
};
