import type { AclCacheDto, aclCacheQuery, denialsQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentDenial } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { presentScan, scanRequest } from '../../present/scan-page.ts';

/** What clients may not do and tried, the last first. */
export const listDenials = async (ctx: Context, query: z.output<typeof denialsQuery>) => {
  authorize(ctx, 'access:read');
  const { clientId, username, topic, action } = query;
  const filter = { clientId, username, topic, action };
  const asked = { ...query, scope: ['denials', filter] };
  const result = await ctx.house.dataPlane.listDenials(filter, scanRequest(asked));
  return presentScan(asked, result, presentDenial);
};

/** Forgets the denials so far; noted before it is done. */
export const clearDenials = async (ctx: Context): Promise<{ deleted: number }> => {
  const actor = authorize(ctx, 'access:write');
  const { store, dataPlane } = ctx.house;
  await store.transaction((tx) => writeAudit(tx, ctx, actor, { action: 'denials.clear', target: null }));
  return { deleted: await dataPlane.clearDenials() };
};

/** What is remembered of sources that are asked about each topic. */
export const countAclCache = async (ctx: Context): Promise<AclCacheDto> => {
  authorize(ctx, 'access:read');
  const counted = await ctx.house.dataPlane.countAnswers();
  if (counted === 'busy') throw new ProblemError('too-many-requests');
  return counted;
};

/** Has every source asked anew about topics, for one client or for all. */
export const clearAclCache = async (
  ctx: Context,
  { clientId }: z.output<typeof aclCacheQuery>,
): Promise<undefined> => {
  const actor = authorize(ctx, 'access:write');
  const { store, dataPlane } = ctx.house;
  const target = clientId === undefined ? null : { kind: 'client', id: clientId, name: clientId };
  await store.transaction((tx) => writeAudit(tx, ctx, actor, { action: 'acl-cache.clear', target }));
  dataPlane.publish({ kind: 'acl-cache-cleared', clientId: clientId ?? null });
  return undefined;
};
