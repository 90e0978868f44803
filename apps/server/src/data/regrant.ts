import { type Clock, type Grant, regrantBuiltin, regrantStored } from '@gatehouse/auth-core';
import type { RegrantQuery } from '@gatehouse/broker';
import type { CachedCredentialSource } from './credential-source.ts';
import type { StoredCredentials } from './stored-credentials.ts';

/**
 * What an open session may do today, after a change of the credential that admitted it; undefined ends the session.
 * Rejects when the store cannot be asked: nobody then knows whether the session may go on.
 */
export function createRegrant(
  source: Pick<CachedCredentialSource, 'find'>,
  stored: Pick<StoredCredentials, 'byId'>,
  clock: Pick<Clock, 'now'>,
): (session: RegrantQuery) => Promise<Grant | undefined> {
  return async ({ grant, ...session }) => {
    const { username, clientId, credentialId } = session;
    const found = await source.find({ username, clientId, strategy: 'both' });
    if (found === 'unavailable') throw new Error('the credentials are unavailable');
    if (found.some(({ id }) => id === credentialId)) return regrantBuiltin(found, session, clock.now());
    // A session is admitted by one type, and keeps its identifier: most are basic.
    const other = await stored.byId(credentialId);
    if (other === 'unavailable') throw new Error('the credentials are unavailable');
    return other === undefined ? undefined : regrantStored(other, grant, clock);
  };
}
