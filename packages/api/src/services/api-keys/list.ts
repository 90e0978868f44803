import { authorize, type Context } from '../../context.ts';
import { presentApiKey } from '../../present/people.ts';

export const listApiKeys = async (ctx: Context) => {
  authorize(ctx, 'api-keys:read');
  return { items: (await ctx.house.store.apiKeys.list()).map(presentApiKey) };
};
