import type { groupsQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { coveredBy } from '../blocks/covered.ts';
import { toUnauthorizedFilter } from './filter.ts';
import { guessingIn } from './guessers.ts';

export const unauthorizedGroups = async (ctx: Context, query: z.output<typeof groupsQuery>) => {
  authorize(ctx, 'unauthorized:read');
  const { store, clock } = ctx.house;
  const filter = toUnauthorizedFilter(query);
  const groups = await store.unauthorized.groups(filter, query.by, query.limit);
  const guessing = await guessingIn(store.unauthorized, filter, query.by);
  const isBlocked = query.by === 'network' ? coveredBy(await store.blocks.all(), clock.now()) : nowhere;
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
      blocked: isBlocked(group.value),
      guessing: guessing(group.value),
    })),
  };
};

const nowhere = (): boolean => false;
