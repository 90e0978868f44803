import type { undoBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { manyTarget } from '../../present/audit-target.ts';
import { ProblemError } from '../../problem.ts';

/** Takes a deletion back: once, in time, by whoever made it; merges with what was refused meanwhile. */
export const undoUnauthorized = async (ctx: Context, body: z.output<typeof undoBody>) => {
  const actor = authorize(ctx, 'unauthorized:delete');
  const { store, clock, live } = ctx.house;
  const { restored } = await store.transaction(async (tx) => {
    const undone = await tx.unauthorized.undo(body.undoToken, actor, clock.now());
    if (undone === null) throw new ProblemError('undo-expired');
    await tx.changeNotes.tellRefused({ kind: 'restored', count: undone.restored });
    const target = manyTarget('unauthorized', [], undone.restored);
    await writeAudit(tx, ctx, actor, { action: 'unauthorized.undo', target, after: undone });
    return undone;
  });
  live.restored(restored);
  return { restored };
};
