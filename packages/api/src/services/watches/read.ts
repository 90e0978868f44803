import type { WatchReadDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { presentWatch, presentWatchEntry } from '../../present/watch.ts';
import { ProblemError } from '../../problem.ts';

/** What a watch saw after the sequence that the caller has already. */
export const readWatch = async (ctx: Context, id: string, after: number): Promise<WatchReadDto> => {
  authorize(ctx, 'unauthorized:read');
  const { dataPlane, clock } = ctx.house;
  const read = await dataPlane.readWatch(id, after);
  if (read === null) throw new ProblemError('not-found');
  return { watch: presentWatch(read.watch, clock.now()), items: read.entries.map(presentWatchEntry) };
};
