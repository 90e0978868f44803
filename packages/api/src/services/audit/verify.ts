import { authorize, type Context, writeAudit } from '../../context.ts';

/** Walks the chain; that it was done, and what was found, is itself an entry: the newest says when it was done last. */
export const verifyAudit = async (ctx: Context) => {
  const actor = authorize(ctx, 'audit:read');
  const { entries, brokenAt } = await ctx.house.store.audit.verify();
  const found = { entries, intact: brokenAt === null, brokenAt };
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'audit.verify', target: null, after: found }),
  );
  return found;
};
