import type { backupBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** Everything that the server keeps, for the command on this machine only. That it was taken is in it. */
export const makeBackup = async (
  ctx: Context,
  { withKey }: z.output<typeof backupBody>,
): Promise<AsyncIterable<Uint8Array>> => {
  const actor = authorize(ctx, 'local');
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'backup.make', target: null, after: { withKey } }),
  );
  const bytes = ctx.house.backups.make({ withKey });
  if (bytes === 'busy')
    throw new ProblemError('conflict', { detail: 'Another backup is being made: wait for it to end.' });
  if (bytes === 'several-nodes')
    throw new ProblemError('conflict', {
      detail:
        'Several nodes hold what is in the database together: back that up as a whole, with pg_dump, and the secret key beside it.',
    });
  return bytes;
};
