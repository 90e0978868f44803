import type { Credential, GuessedIdentity } from '@gatehouse/ports';
import type { Context } from '../../context.ts';
import type { Announcing } from '../../house.ts';
import { announcePskKeys } from './psk-keys.ts';

type Identity = Pick<Credential, 'id' | 'username' | 'clientId'> & {
  readonly facts: Pick<Credential['facts'], 'type'>;
};

/** Each identity of these credentials once; a client may be counted under either name of a credential that has both. */
const identitiesOf = (credentials: readonly Identity[]): readonly GuessedIdentity[] => {
  const names = (by: GuessedIdentity['by'], values: readonly (string | null)[]): GuessedIdentity[] =>
    [...new Set(values)].flatMap((value) => (value === null ? [] : [{ by, value }]));
  return [
    ...names(
      'username',
      credentials.map(({ username }) => username),
    ),
    ...names(
      'clientId',
      credentials.map(({ clientId }) => clientId),
    ),
  ];
};

/**
 * Tells the data plane, after the commit, whose cached lookups are void and whose sessions must close; the others go
 * on with today's rules. An identity that changed is announced under its old and its new names. What an operator did
 * for a username or client ID also forgives its failures: the device must not wait out a penalty that the fix has made
 * pointless.
 */
export const announceCredentials = async (
  ctx: Announcing,
  changed: readonly Identity[],
  how: { readonly disconnect: boolean; readonly forgive?: boolean },
): Promise<void> => {
  if (changed.length === 0) return;
  const { dataPlane } = ctx.house;
  const { disconnect } = how;
  const changes = changed.map(({ id, facts, username, clientId }) => ({
    id,
    ...(facts.type === 'basic' ? {} : { type: facts.type }),
    username,
    clientId,
    disconnect,
  }));
  dataPlane.publish({ kind: 'credentials-changed', changes });
  await announcePskKeys(ctx, changed);
  if (how.forgive !== true) return;
  const identities = identitiesOf(changed);
  if (identities.length > 0) dataPlane.publish({ kind: 'failures-forgiven', identities, ip: null });
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
