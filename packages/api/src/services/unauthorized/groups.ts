import { parseCidr, type Block, type Cidr } from '@gatehouse/auth-core';
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
  const isBlocked =
    query.by === 'network' ? coveredBy(await ctx.house.store.blocks.all(), ctx.house.clock.now()) : nowhere;
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
    })),
  };
};

const nowhere = (): boolean => false;

/** Whether one of these blocks covers the whole of a network. */
function coveredBy(blocks: readonly Block[], now: number): (network: string) => boolean {
  const ranges = blocks.flatMap(({ kind, value, expiresAt }): readonly Cidr[] => {
    const range = kind === 'cidr' && (expiresAt ?? Infinity) > now ? parseCidr(value) : undefined;
    return range === undefined ? [] : [range];
  });
  return (network) => {
    const own = parseCidr(network);
    if (own === undefined) return false;
    return ranges.some(
      ({ addressBytes, prefix }) => addressBytes === own.addressBytes && own.prefix.startsWith(prefix),
    );
  };
}
