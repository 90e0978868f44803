import type { BlockDto, updateBlock as updateBody } from '@gatehouse/contract';
import type { BlockPatchResult, StoredBlock } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditBlock, blockAuditTarget, presentBlock } from '../../present/block.ts';
import { defined } from '../../present/defined.ts';
import { msOrNull } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { announceBlocks } from './announce.ts';
import { checkEnd } from './check-end.ts';

const changed = (result: BlockPatchResult): StoredBlock => {
  switch (result.result) {
    case 'ok':
      return result.block;
    case 'not-found':
      throw new ProblemError('not-found');
    case 'version-mismatch':
      throw new ProblemError('precondition-failed', {
        detail: `It has version ${result.current.version} now.`,
      });
  }
};

/** Changes when a block ends, or its comment; one that had ended may be in force again, and closes sessions then. */
export const updateBlock = async (
  ctx: Context,
  id: string,
  { expiresAt, comment }: z.output<typeof updateBody>,
  ifVersion: number | undefined,
): Promise<BlockDto> => {
  const actor = authorize(ctx, 'blocks:write');
  const now = ctx.house.clock.now();
  const ends = expiresAt === undefined ? undefined : checkEnd(msOrNull(expiresAt), now);
  const block = await ctx.house.store.transaction(async (tx) => {
    const before = await tx.blocks.get(id);
    if (before === null) throw new ProblemError('not-found');
    const after = changed(await tx.blocks.update(id, defined({ expiresAt: ends, comment }), ifVersion));
    await writeAudit(tx, ctx, actor, {
      action: 'block.update',
      target: blockAuditTarget(after),
      before: auditBlock(before),
      after: auditBlock(after),
    });
    return after;
  });
  announceBlocks(ctx, [block], []);
  return presentBlock(block, now);
};
