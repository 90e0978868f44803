import type { BlockDto, blocksListQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentBlock } from '../../present/block.ts';
import { defined } from '../../present/defined.ts';
import { pageRequest, presentPage } from '../../present/page.ts';
import { ProblemError } from '../../problem.ts';

export const listBlocks = async (ctx: Context, query: z.output<typeof blocksListQuery>) => {
  authorize(ctx, 'blocks:read');
  const { search, kind, expired } = query;
  const filter = defined({ search, kind, expired });
  const page = await ctx.house.store.blocks.page(filter, pageRequest(query));
  const now = ctx.house.clock.now();
  return presentPage(page, (block) => presentBlock(block, now));
};

export const getBlock = async (ctx: Context, id: string): Promise<BlockDto> => {
  authorize(ctx, 'blocks:read');
  const found = await ctx.house.store.blocks.get(id);
  if (found === null) throw new ProblemError('not-found');
  return presentBlock(found, ctx.house.clock.now());
};
