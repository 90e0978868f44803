import type { AnonymousPolicy } from '@gatehouse/auth-core';
import type { AnonymousDto } from '@gatehouse/contract';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { checkVersion, refuseDeclared } from './guard.ts';
import { presentAnonymous } from './present.ts';
import { announceSetup, mergeSetup } from './setup.ts';
import { readStored, writeStored } from './stored.ts';

export const getAnonymous = async (ctx: Context): Promise<AnonymousDto> => {
  authorize(ctx, 'authentication:read');
  const { auth, store } = ctx.house;
  return presentAnonymous(auth, await readStored(store));
};

/** Sets what happens to clients that no authenticator decided about. */
export const putAnonymous = async (
  ctx: Context,
  policy: AnonymousPolicy,
  ifVersion: number | undefined,
): Promise<AnonymousDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store } = ctx.house;
  refuseDeclared(auth, 'auth.anonymous', auth.declared.anonymous !== undefined);
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const version = stored.anonymous?.version ?? 0;
    checkVersion(version, ifVersion);
    const previous = mergeSetup(auth, stored).anonymous;
    await writeStored(tx, { ...stored, anonymous: { policy, version: version + 1, previous } });
    await writeAudit(tx, ctx, actor, {
      action: 'anonymous.update',
      target: { kind: 'anonymous', id: 'anonymous', name: 'Anonymous policy' },
      before: { policy: previous },
      after: { policy },
    });
  });
  await announceSetup(ctx.house);
  return getAnonymous(ctx);
};
