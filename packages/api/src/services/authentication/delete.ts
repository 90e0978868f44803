import { authenticatorsOf } from '@gatehouse/auth-core';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { refuseDeclared } from './guard.ts';
import { announceSetup, mergeSetup } from './setup.ts';
import { readStored, writeStored } from './stored.ts';

/** Removes an authenticator; one that a chain names stays, for the chain would decide otherwise without it. */
export const deleteAuthenticator = async (ctx: Context, name: string): Promise<void> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store } = ctx.house;
  refuseDeclared(auth, `auth.authenticators.${name}`, Object.hasOwn(auth.declared.authenticators, name));
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const { [name]: removed, ...others } = stored.authenticators;
    if (removed === undefined) throw new ProblemError('not-found');
    const { chains } = mergeSetup(auth, stored);
    const inUse = Object.keys(chains).filter((chain) => authenticatorsOf(chains[chain] ?? []).includes(name));
    if (inUse.length > 0 && name !== 'builtin') {
      throw new ProblemError('conflict', {
        detail: `It is in the chain ${inUse.join(', ')}: take it out first.`,
      });
    }
    await writeStored(tx, { ...stored, authenticators: others });
    await writeAudit(tx, ctx, actor, {
      action: 'authenticator.delete',
      target: { kind: 'authenticator', id: name, name },
      before: { settings: removed.settings },
    });
  });
  await announceSetup(ctx.house);
};
