import type { CredentialWithSecretDto, newSecret } from '@gatehouse/contract';
import type { CredentialType } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { credentialTarget, presentCredential } from '../../present/credential.ts';
import { isoOrNull } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { announceCredentials, presentedSessions } from './announce.ts';
import { secretFor } from './secret.ts';
import { written } from './written.ts';

/** @throws ProblemError 400 that names what this type's secret is not made of. */
const checkInput = (type: CredentialType, input: z.output<typeof newSecret>): void => {
  if (type !== 'psk') {
    if (input.key !== undefined) throw invalidField('key', `is not for a credential of type ${type}`);
    return;
  }
  if (input.password !== undefined) throw invalidField('password', 'is not for a pre-shared key: give key');
  if (input.keepPreviousForSeconds > 0) {
    throw invalidField(
      'keepPreviousForSeconds',
      'must be 0: a handshake asks for one key of an identity, so two cannot be valid at once',
    );
  }
};

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
  const { store } = ctx.house;
  const { facts } = (await store.credentials.get(id)) ?? { facts: null };
  if (facts === null) throw new ProblemError('not-found');
  checkInput(facts.type, input);
  const like = facts.type === 'scram' ? await store.credentials.secretHash(id) : null;
  const secret = await secretFor(ctx, facts.type, input, { id, like });
  if (secret === null) throw new ProblemError('conflict', { detail: 'A certificate has no secret here.' });
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
  await announceCredentials(ctx, [credential], { disconnect: keepPreviousUntil === null, forgive: true });
  const sessions = await presentedSessions(ctx, [credential]);
  return {
    ...presentCredential(credential, sessions(id)),
    ...(secret.plain === undefined ? {} : { secret: secret.plain }),
  };
};
