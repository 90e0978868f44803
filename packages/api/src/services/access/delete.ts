import { authorize, type Context, writeAudit } from '../../context.ts';
import { accessRuleTarget, auditAccessRule } from '../../present/access-rule.ts';
import { ProblemError } from '../../problem.ts';
import { announceAccess, refuseDeclaredRules } from './rules.ts';

/** Removes a rule; open sessions are held against those that are left. */
export const deleteAccessRule = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'access:write');
  refuseDeclaredRules(ctx);
  await ctx.house.store.transaction(async (tx) => {
    const removed = await tx.accessRules.remove(id);
    if (removed === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'access-rule.delete',
      target: accessRuleTarget(removed),
      before: auditAccessRule(removed),
    });
  });
  await announceAccess(ctx);
};
