import type { AnonymousDto, AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { getAnonymous } from './anonymous.ts';
import { getChain } from './chains.ts';
import { checkSettings } from './check-settings.ts';
import { readAuthenticator } from './get.ts';
import { checkVersion, refuseDeclared } from './guard.ts';
import { checkSteps } from './put-chain.ts';
import { join } from './secrets.ts';
import { announceSetup, mergeSetup } from './setup.ts';
import { readStored, unseal, writeStored } from './stored.ts';

const nothingBefore = (): ProblemError =>
  new ProblemError('conflict', { detail: 'Nothing is kept from before: there is no change to revert.' });

/** Brings back a chain's order from before the last change; doing it again undoes it. */
export const revertChain = async (
  ctx: Context,
  name: string,
  ifVersion: number | undefined,
): Promise<ChainDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store } = ctx.house;
  refuseDeclared(auth, `auth.chains.${name}`, Object.hasOwn(auth.declared.chains, name));
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const current = stored.chains[name];
    if (current?.previous === undefined) throw nothingBefore();
    checkVersion(current.version, ifVersion);
    const { previous: steps, version } = current;
    // An authenticator that it names may be gone by now.
    checkSteps(steps, mergeSetup(auth, stored).authenticators);
    const next = { steps, version: version + 1, previous: current.steps };
    await writeStored(tx, { ...stored, chains: { ...stored.chains, [name]: next } });
    await writeAudit(tx, ctx, actor, {
      action: 'chain.revert',
      target: { kind: 'chain', id: name, name },
      before: { steps: current.steps },
      after: { steps },
    });
  });
  await announceSetup(ctx.house);
  return getChain(ctx, name);
};

/** Brings back an authenticator's settings from before the last change; its secrets stay sealed all the while. */
export const revertAuthenticator = async (
  ctx: Context,
  name: string,
  ifVersion: number | undefined,
): Promise<AuthenticatorDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store, clock } = ctx.house;
  refuseDeclared(auth, `auth.authenticators.${name}`, Object.hasOwn(auth.declared.authenticators, name));
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const current = stored.authenticators[name];
    if (current?.previous === undefined) throw nothingBefore();
    checkVersion(current.version, ifVersion);
    const { settings, sealed } = current.previous;
    // Secrets that cannot be opened any more would make an authenticator that refuses everybody.
    const secrets = unseal(auth.box, sealed);
    if (secrets === undefined) throw nothingBefore();
    checkSettings(auth, join(settings, secrets));
    const next = {
      settings,
      sealed,
      version: current.version + 1,
      updatedAt: clock.now(),
      previous: { settings: current.settings, sealed: current.sealed },
    };
    await writeStored(tx, { ...stored, authenticators: { ...stored.authenticators, [name]: next } });
    await writeAudit(tx, ctx, actor, {
      action: 'authenticator.revert',
      target: { kind: 'authenticator', id: name, name },
      before: { settings: current.settings },
      after: { settings, secrets: Object.keys(secrets) },
    });
  });
  await announceSetup(ctx.house);
  return readAuthenticator(ctx, name);
};

/** Brings back the anonymous policy from before the last change. */
export const revertAnonymous = async (ctx: Context, ifVersion: number | undefined): Promise<AnonymousDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store } = ctx.house;
  refuseDeclared(auth, 'auth.anonymous', auth.declared.anonymous !== undefined);
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const current = stored.anonymous;
    if (current?.previous === undefined) throw nothingBefore();
    checkVersion(current.version, ifVersion);
    const { previous: policy, version } = current;
    const next = { policy, version: version + 1, previous: current.policy };
    await writeStored(tx, { ...stored, anonymous: next });
    await writeAudit(tx, ctx, actor, {
      action: 'anonymous.revert',
      target: { kind: 'anonymous', id: 'anonymous', name: 'Anonymous policy' },
      before: { policy: current.policy },
      after: { policy },
    });
  });
  await announceSetup(ctx.house);
  return getAnonymous(ctx);
};
