import type { CredentialWithSecretDto, newSecret } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { credentialTarget, presentCredential } from '../../present/credential.ts';
import { isoOrNull } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { announceCredentials, presentedSessions } from './announce.ts';
import { makeSecret } from './secret.ts';
import { written } from './written.ts';

/** A new secret, chosen or generated. Unless the old one is kept for a while, sessions that it opened end. */
export const resetCredentialSecret = async (
  ctx: Context,
  id: string,
  input: z.output<typeof newSecret>,
  ifVersion: number | undefined,
): Promise<CredentialWithSecretDto> => {
  const actor = authorize(ctx, 'credentials:write');
  const now = ctx.house.clock.now();
  const keepPreviousUntil =
    input.keepPreviousForSeconds > 0 ? now + input.keepPreviousForSeconds * 1000 : null;
  const secret = await makeSecret(ctx, input);
  const credential = await ctx.house.store.transaction(async (tx) => {
    const current = await tx.credentials.get(id);
    if (current === null) throw new ProblemError('not-found');
    if (ifVersion !== undefined && current.version !== ifVersion) {
      throw new ProblemError('precondition-failed', { detail: `It has version ${current.version} now.` });
    }
    const write = {
      hash: secret.hash,
      hashFormat: secret.format,
      secretKind: secret.kind,
      keepPreviousUntil,
    };
    const changed = written(await tx.credentials.setSecret(id, write, now));
    await writeAudit(tx, ctx, actor, {
      action: 'credential.reset-secret',
      target: credentialTarget(changed),
      after: { secretKind: secret.kind, previousSecretValidUntil: isoOrNull(keepPreviousUntil) },
    });
    return changed;
  });
  announceCredentials(ctx, [credential], { disconnect: keepPreviousUntil === null, forgive: true });
  const sessions = await presentedSessions(ctx, [credential]);
  return {
    ...presentCredential(credential, sessions(id)),
    ...(secret.plain === undefined ? {} : { secret: secret.plain }),
  };
};
