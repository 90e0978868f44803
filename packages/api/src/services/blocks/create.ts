import type { BlockDto, createBlock as createBody } from '@gatehouse/contract';
import type { BlockWriteResult } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditBlock, blockAuditTarget, presentBlock } from '../../present/block.ts';
import { msOrNull } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { announceBlocks } from './announce.ts';
import { checkEnd } from './check-end.ts';
import { readTarget } from './read-target.ts';

type Made = Extract<BlockWriteResult, { readonly result: 'ok' }>;

const whyOf = (comment: string): string => (comment === '' ? '' : `: ${comment}`);

const made = (result: BlockWriteResult): Made => {
  switch (result.result) {
    case 'ok':
      return result;
    case 'conflict':
      throw new ProblemError('conflict', {
        detail: `This is blocked already${whyOf(result.existing.comment)}.`,
      });
    case 'full':
      throw new ProblemError('limit-reached', {
        detail: `There may be ${result.max} such blocks; remove one first.`,
      });
  }
};

/** Blocks somebody; open sessions that it meets are closed. */
export const createBlock = async (ctx: Context, input: z.output<typeof createBody>): Promise<BlockDto> => {
  const actor = authorize(ctx, 'blocks:write');
  const { store, clock } = ctx.house;
  const now = clock.now();
  const target = readTarget(ctx, input);
  const expiresAt = checkEnd(msOrNull(input.expiresAt), now);
  const { block, replaced } = await store.transaction(async (tx) => {
    const write = { ...target, expiresAt, comment: input.comment, createdBy: actor.name };
    const result = made(await tx.blocks.create(write, now));
    await writeAudit(tx, ctx, actor, {
      action: 'block.create',
      target: blockAuditTarget(result.block),
      after: auditBlock(result.block),
    });
    return result;
  });
  announceBlocks(ctx, [block], replaced);
  return presentBlock(block, now);
};
