import { AUTHENTICATORS_MAX, type AuthenticatorDto } from '@gatehouse/contract';
import type { RawAuthenticator } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { checkSettings } from './check-settings.ts';
import { readAuthenticator } from './get.ts';
import { secretPaths, split } from './secrets.ts';
import { announceSetup, mergeSetup } from './setup.ts';
import { readStored, seal, writeStored } from './stored.ts';

/** Adds an authenticator; its secrets are sealed, and never told again. */
export const createAuthenticator = async (
  ctx: Context,
  name: string,
  settings: RawAuthenticator,
): Promise<AuthenticatorDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store, clock } = ctx.house;
  checkSettings(auth, settings);
  const { plain, secrets } = split(settings, secretPaths(auth.catalogue, settings.type));
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    if (Object.hasOwn(mergeSetup(auth, stored).authenticators, name)) {
      throw new ProblemError('conflict', { detail: 'There is an authenticator of this name.' });
    }
    if (Object.keys(stored.authenticators).length >= AUTHENTICATORS_MAX) {
      throw new ProblemError('limit-reached', {
        detail: `There may be ${AUTHENTICATORS_MAX} authenticators.`,
      });
    }
    const made = { settings: plain, sealed: seal(auth.box, secrets), version: 1, updatedAt: clock.now() };
    await writeStored(tx, { ...stored, authenticators: { ...stored.authenticators, [name]: made } });
    await writeAudit(tx, ctx, actor, {
      action: 'authenticator.create',
      target: { kind: 'authenticator', id: name, name },
      after: { settings: plain, secrets: Object.keys(secrets) },
    });
  });
  await announceSetup(ctx.house);
  return readAuthenticator(ctx, name);
};
