import type { clientsListQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentClient } from '../../present/client.ts';
import { presentScan, scanRequest } from '../../present/scan-page.ts';

export const listClients = async (ctx: Context, query: z.output<typeof clientsListQuery>) => {
  authorize(ctx, 'clients:read');
  const { limit, cursor, sort, ...filter } = query;
  const scan = { scope: ['clients', filter], limit, cursor, sort };
  const result = await ctx.house.dataPlane.listClients(filter, scanRequest(scan));
  return presentScan(scan, result, presentClient);
};
