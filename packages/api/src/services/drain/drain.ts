import type { drainBody, drained } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';

/** Sends the clients of this server to the others, or lets them in again; for the command on this machine only. */
export const drain = async (
  ctx: Context,
  { draining }: z.output<typeof drainBody>,
): Promise<z.input<typeof drained>> => {
  const actor = authorize(ctx, 'local');
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'server.drain', target: null, after: { draining } }),
  );
  return { draining, clients: await ctx.house.dataPlane.drain(draining) };
};
