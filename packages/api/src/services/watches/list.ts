import type { WatchDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { presentWatch } from '../../present/watch.ts';

export const listWatches = async (ctx: Context): Promise<{ items: WatchDto[] }> => {
  authorize(ctx, 'unauthorized:read');
  const { dataPlane, clock } = ctx.house;
  const watches = await dataPlane.listWatches();
  return { items: watches.map((watch) => presentWatch(watch, clock.now())) };
};
