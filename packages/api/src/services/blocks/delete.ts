import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditBlock, blockAuditTarget } from '../../present/block.ts';
import { ProblemError } from '../../problem.ts';
import { announceBlocks } from './announce.ts';

/** Removes a block; whom it met is let in again. */
export const deleteBlock = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'blocks:write');
  await ctx.house.store.transaction(async (tx) => {
    const removed = await tx.blocks.remove(id);
    if (removed === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'block.delete',
      target: blockAuditTarget(removed),
      before: auditBlock(removed),
    });
  });
  announceBlocks(ctx, [], [id]);
};
