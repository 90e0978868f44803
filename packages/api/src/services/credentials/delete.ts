import type { credentialIds } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { auditCredential, credentialTarget } from '../../present/credential.ts';
import { ProblemError } from '../../problem.ts';
import { announceCredentials } from './announce.ts';
import { auditNames } from './set-enabled.ts';

/** Deletes one; `ifVersion` as in `updateCredential`. */
export const deleteCredential = async (
  ctx: Context,
  id: string,
  ifVersion: number | undefined,
): Promise<void> => {
  const actor = authorize(ctx, 'credentials:write');
  const removed = await ctx.house.store.transaction(async (tx) => {
    const current = await tx.credentials.get(id);
    if (current === null) throw new ProblemError('not-found');
    if (ifVersion !== undefined && current.version !== ifVersion) {
      throw new ProblemError('precondition-failed', { detail: `It has version ${current.version} now.` });
    }
    await writeAudit(tx, ctx, actor, {
      action: 'credential.delete',
      target: credentialTarget(current),
      before: auditCredential(current),
    });
    return tx.credentials.remove([id]);
  });
  await announceCredentials(ctx, removed, { disconnect: true });
};

/** Deletes many in one transaction with one audit entry; unknown ids are passed over. */
export const deleteCredentials = async (ctx: Context, input: z.output<typeof credentialIds>) => {
  const actor = authorize(ctx, 'credentials:write');
  const removed = await ctx.house.store.transaction(async (tx) => {
    const gone = await tx.credentials.remove(input.ids);
    if (gone.length > 0) {
      await writeAudit(tx, ctx, actor, {
        action: 'credential.delete-many',
        target: null,
        before: auditNames(gone),
      });
    }
    return gone;
  });
  await announceCredentials(ctx, removed, { disconnect: true });
  return { deleted: removed.length };
};
