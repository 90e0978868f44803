import type { acceptPrevious, CredentialDto } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { credentialTarget, presentCredential } from '../../present/credential.ts';
import { iso } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { announceCredentials, presentedSessions } from './announce.ts';
import { written } from './written.ts';

/** Lets the secret before the last rotation in (again) for a while, so that devices can be brought over in peace. */
export const acceptPreviousSecret = async (
  ctx: Context,
  id: string,
  input: z.output<typeof acceptPrevious>,
): Promise<CredentialDto> => {
  const actor = authorize(ctx, 'credentials:write');
  const now = ctx.house.clock.now();
  const until = now + input.forSeconds * 1000;
  const credential = await ctx.house.store.transaction(async (tx) => {
    if ((await tx.credentials.get(id)) === null) throw new ProblemError('not-found');
    const result = await tx.credentials.acceptPrevious(id, until, now);
    if (result.result === 'not-found') {
      throw new ProblemError('conflict', { detail: 'This credential has no previous secret.' });
    }
    const changed = written(result);
    await writeAudit(tx, ctx, actor, {
      action: 'credential.accept-previous-secret',
      target: credentialTarget(changed),
      after: { previousSecretValidUntil: iso(until) },
    });
    return changed;
  });
  await announceCredentials(ctx, [credential], { disconnect: false, forgive: true });
  const sessions = await presentedSessions(ctx, [credential]);
  return presentCredential(credential, sessions(id));
};
