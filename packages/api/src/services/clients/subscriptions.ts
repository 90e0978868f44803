import type { clientSubscriptionsQuery, subscriptionsListQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentSubscription } from '../../present/client.ts';
import { presentScan, scanRequest } from '../../present/scan-page.ts';
import { ProblemError } from '../../problem.ts';

export const listSubscriptions = async (ctx: Context, query: z.output<typeof subscriptionsListQuery>) => {
  authorize(ctx, 'clients:read');
  const { limit, cursor, sort, ...filter } = query;
  const scan = { scope: ['subscriptions', filter, sort.field], limit, cursor, sort };
  const request = { ...scanRequest(scan), order: sort.field };
  const result = await ctx.house.dataPlane.listSubscriptions(filter, request);
  return presentScan(scan, result, presentSubscription);
};

/** Those of one session. */
export const listClientSubscriptions = async (
  ctx: Context,
  clientId: string,
  query: z.output<typeof clientSubscriptionsQuery>,
) => {
  authorize(ctx, 'clients:read');
  if ((await ctx.house.dataPlane.getClient(clientId)) === null) throw new ProblemError('not-found');
  return listSubscriptions(ctx, { ...query, clientId: { op: 'eq', value: clientId } });
};

/** Ends one subscription, noted before it is done. */
export const removeSubscription = async (
  ctx: Context,
  { clientId, filter }: { readonly clientId: string; readonly filter: string },
): Promise<undefined> => {
  const actor = authorize(ctx, 'clients:disconnect');
  const { store, dataPlane } = ctx.house;
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'subscription.remove',
      target: { kind: 'client', id: clientId, name: clientId },
      before: { filter },
    }),
  );
  if (!(await dataPlane.removeSubscription(clientId, filter))) throw new ProblemError('not-found');
  return undefined;
};
