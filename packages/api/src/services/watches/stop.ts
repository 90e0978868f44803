import { authorize, type Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** Ends a watch and forgets what it saw. */
export const stopWatch = async (ctx: Context, id: string): Promise<undefined> => {
  authorize(ctx, 'unauthorized:watch');
  if (!(await ctx.house.dataPlane.stopWatch(id))) throw new ProblemError('not-found');
  return undefined;
};
