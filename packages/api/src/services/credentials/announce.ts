import type { Credential } from '@gatehouse/ports';
import type { Context } from '../../context.ts';

type Identity = Pick<Credential, 'id' | 'username' | 'clientId'>;

/**
 * Tells the data plane, after the commit, whose cached lookups are void and whose sessions must close. An identity
 * that changed is announced under its old and its new names. What an operator did for a username also forgives its
 * failures: the device must not wait out a penalty that the fix has made pointless.
 */
export const announceCredentials = (
  ctx: Context,
  changed: readonly Identity[],
  how: { readonly disconnect: boolean; readonly forgive?: boolean },
): void => {
  if (changed.length === 0) return;
  const { dataPlane } = ctx.house;
  dataPlane.publish({
    kind: 'credentials-changed',
    changes: changed.map(({ id, username, clientId }) => ({
      id,
      username,
      clientId,
      disconnect: how.disconnect,
    })),
  });
  if (how.forgive !== true) return;
  for (const username of new Set(changed.map((one) => one.username))) {
    if (username !== null) dataPlane.publish({ kind: 'failures-forgiven', username, ip: null });
  }
};

/** Open sessions per credential; zero where the data plane knows none. */
export const presentedSessions = async (
  ctx: Context,
  credentials: readonly Pick<Credential, 'id'>[],
): Promise<(id: string) => number> => {
  const counts =
    credentials.length === 0 ? {} : await ctx.house.dataPlane.sessionsOf(credentials.map(({ id }) => id));
  return (id) => counts[id] ?? 0;
};
