import { parseAddress, parseCidr } from '@gatehouse/auth-core';
import type { clientsListQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentClient } from '../../present/client.ts';
import { presentScan, scanRequest } from '../../present/scan-page.ts';
import { invalidField } from '../../problem.ts';
import { credentialNames } from './credential-names.ts';

export const listClients = async (ctx: Context, query: z.output<typeof clientsListQuery>) => {
  authorize(ctx, 'clients:read');
  const { limit, cursor, sort, ...filter } = query;
  if (
    filter.ip !== undefined &&
    parseAddress(filter.ip) === undefined &&
    parseCidr(filter.ip) === undefined
  ) {
    throw invalidField('ip', 'is no address and no network such as 10.0.0.0/8');
  }
  const scan = { scope: ['clients', filter, sort.field], limit, cursor, sort };
  const result = await ctx.house.dataPlane.listClients(filter, { ...scanRequest(scan), order: sort.field });
  const names = await credentialNames(ctx, result === 'busy' ? [] : result.items);
  return presentScan(scan, result, (session) => presentClient(session, names));
};
