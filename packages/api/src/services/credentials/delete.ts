import type { credentialIds } from '@gatehouse/contract';
import type { Credential } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { manyTarget } from '../../present/audit-target.ts';
import { auditCredential, auditIdentity, credentialTarget } from '../../present/credential.ts';
import { ProblemError } from '../../problem.ts';
import { announceCredentials } from './announce.ts';

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

/** Credentials whose identities one entry keeps, some 150 kB; the count is always whole. */
const AUDIT_IDENTITIES_MAX = 1_000;

/** What they went by, so that a refusal later on can be told why. */
const deletedOnes = (credentials: readonly Credential[]) => ({
  count: credentials.length,
  credentials: credentials.slice(0, AUDIT_IDENTITIES_MAX).map(auditIdentity),
});

/** One is what `deleteCredential` notes, so that it is found by its name whichever way it went. */
const deletionOf = (gone: readonly Credential[]) => {
  const [only, ...others] = gone;
  if (only !== undefined && others.length === 0) {
    return { action: 'credential.delete', target: credentialTarget(only), before: auditCredential(only) };
  }
  const target = manyTarget('credential', gone);
  return { action: 'credential.delete-many', target, before: deletedOnes(gone) };
};

/** Deletes many in one transaction with one audit entry; unknown ids are passed over. */
export const deleteCredentials = async (ctx: Context, input: z.output<typeof credentialIds>) => {
  const actor = authorize(ctx, 'credentials:write');
  const removed = await ctx.house.store.transaction(async (tx) => {
    const gone = await tx.credentials.remove(input.ids);
    if (gone.length > 0) await writeAudit(tx, ctx, actor, deletionOf(gone));
    return gone;
  });
  await announceCredentials(ctx, removed, { disconnect: true });
  return { deleted: removed.length };
};
