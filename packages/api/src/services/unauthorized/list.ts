import type { unauthorizedListQuery, UnauthorizedPage } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { pageRequest, presentPage } from '../../present/page.ts';
import { presentAttempt, presentUnauthorized } from '../../present/unauthorized.ts';
import { ProblemError } from '../../problem.ts';
import { toUnauthorizedFilter } from './filter.ts';

export const listUnauthorized = async (
  ctx: Context,
  query: z.output<typeof unauthorizedListQuery>,
): Promise<UnauthorizedPage> => {
  authorize(ctx, 'unauthorized:read');
  const page = await ctx.house.store.unauthorized.page(toUnauthorizedFilter(query), pageRequest(query));
  return presentPage(page, presentUnauthorized);
};

export const listUnauthorizedAttempts = async (ctx: Context, id: string) => {
  authorize(ctx, 'unauthorized:read');
  const samples = await ctx.house.store.unauthorized.attempts(id);
  if (samples === null) throw new ProblemError('not-found');
  return { items: samples.map(presentAttempt) };
};
