import { authorize, type Context } from '../../context.ts';
import { presentUser } from '../../present/people.ts';

export const listUsers = async (ctx: Context) => {
  authorize(ctx, 'users:read');
  return { items: (await ctx.house.store.users.list()).map(presentUser) };
};
