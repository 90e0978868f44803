import { isTopicFilter } from '@gatehouse/auth-core';
import type { retainedListQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentRetained } from '../../present/message.ts';
import { presentScan, scanRequest } from '../../present/scan-page.ts';
import { invalidField } from '../../problem.ts';

/** @throws a 400 about `filter` */
export const checkFilter = (filter: string): void => {
  if (!isTopicFilter(filter))
    throw invalidField('filter', 'is no topic filter: "+" and "#" fill whole levels');
};

export const listRetained = async (ctx: Context, query: z.output<typeof retainedListQuery>) => {
  authorize(ctx, 'messages:read');
  const { filter, ...paging } = query;
  const { field } = paging.sort;
  checkFilter(filter);
  const scan = { scope: ['retained', filter, field], ...paging };
  const result = await ctx.house.dataPlane.listRetained(filter, { ...scanRequest(scan), order: field });
  return presentScan(scan, result, presentRetained);
};
