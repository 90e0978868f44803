import type { groupsQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { toUnauthorizedFilter } from './filter.ts';

export const unauthorizedGroups = async (ctx: Context, query: z.output<typeof groupsQuery>) => {
  authorize(ctx, 'unauthorized:read');
  const groups = await ctx.house.store.unauthorized.groups(
    toUnauthorizedFilter(query),
    query.by,
    query.limit,
  );
  return {
    items: groups.map((group) => ({
      value: group.value,
      clients: group.clients,
      open: group.open,
      attempts: group.attempts,
      firstAttemptAt: iso(group.firstAttemptAt),
      lastAttemptAt: iso(group.lastAttemptAt),
      auditId: group.auditId ?? null,
      approximate: group.approximate ?? false,
    })),
  };
};
