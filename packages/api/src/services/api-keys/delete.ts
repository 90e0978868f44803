import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** Revokes a key: the next request with it is refused. */
export const deleteApiKey = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'api-keys:write');
  await ctx.house.store.transaction(async (tx) => {
    const removed = await tx.apiKeys.remove(id);
    if (removed === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'api-key.delete',
      target: { kind: 'api-key', id, name: removed.name },
      before: { name: removed.name, role: removed.role, scopes: removed.scopes },
    });
  });
};
