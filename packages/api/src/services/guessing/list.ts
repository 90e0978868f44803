import type { SlowedGuessersDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';

/** Who may not try a password now, and until when (auth.md §9). */
export const listSlowed = async (ctx: Context): Promise<SlowedGuessersDto> => {
  authorize(ctx, 'blocks:read');
  const { items, ...rest } = await ctx.house.dataPlane.listSlowed();
  return { ...rest, items: items.map((one) => ({ ...one, until: iso(one.until) })) };
};
