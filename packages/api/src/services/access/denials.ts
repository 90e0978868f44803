import type { AclCacheDto, aclCacheQuery, denialsQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentDenial } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { pageRequest, presentPage } from '../../present/page.ts';
import { iso } from '../../present/time.ts';

/** What clients may not do and tried, the last first. */
export const listDenials = async (ctx: Context, query: z.output<typeof denialsQuery>) => {
  authorize(ctx, 'access:read');
  const { clientId, username, topic, action } = query;
  const { store, dataPlane } = ctx.house;
  await dataPlane.flushDenials();
  const [page, { since, ...counts }] = await Promise.all([
    store.denials.page({ clientId, username, topic, action }, pageRequest(query)),
    store.denials.totals(),
  ]);
  return {
    ...presentPage(page, presentDenial),
    ...counts,
    since: since === null ? null : iso(since),
  };
};

/** Forgets the denials so far. */
export const clearDenials = async (ctx: Context): Promise<{ deleted: number }> => {
  const actor = authorize(ctx, 'access:write');
  const { store, dataPlane } = ctx.house;
  // First what waits: what is on its way to the store is written before the transaction begins.
  await dataPlane.discardDenials();
  return store.transaction(async (tx) => {
    const deleted = await tx.denials.clear();
    await writeAudit(tx, ctx, actor, { action: 'denials.clear', target: null });
    return { deleted };
  });
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
  const event = { kind: 'acl-cache-cleared', clientId: clientId ?? null } as const;
  await store.transaction(async (tx) => {
    await tx.changeNotes.tell([event]);
    await writeAudit(tx, ctx, actor, { action: 'acl-cache.clear', target });
  });
  dataPlane.publish(event);
  return undefined;
};
