import type { alertsQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentAlert } from '../../present/alert.ts';
import { defined } from '../../present/defined.ts';
import { pageRequest, presentPage } from '../../present/page.ts';

export const listAlerts = async (ctx: Context, query: z.output<typeof alertsQuery>) => {
  authorize(ctx, 'alerts:read');
  const { firing, ruleId, kind } = query;
  const page = await ctx.house.store.alerts.page(defined({ firing, ruleId, kind }), pageRequest(query));
  return presentPage(page, presentAlert);
};
