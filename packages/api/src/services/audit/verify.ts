import { authorize, type Context } from '../../context.ts';

export const verifyAudit = async (ctx: Context) => {
  authorize(ctx, 'audit:read');
  const { entries, brokenAt } = await ctx.house.store.audit.verify();
  return { entries, intact: brokenAt === null, brokenAt };
};
