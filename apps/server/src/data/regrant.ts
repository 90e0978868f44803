import { regrantBuiltin, type AdmittedSession, type Clock, type Grant } from '@gatehouse/auth-core';
import type { CachedCredentialSource } from './credential-source.ts';

/**
 * What an open session may do today, after a change of the credential that admitted it; undefined ends the session.
 * Rejects when the store cannot be asked: nobody then knows whether the session may go on.
 */
export function createRegrant(
  source: Pick<CachedCredentialSource, 'find'>,
  clock: Pick<Clock, 'now'>,
): (session: AdmittedSession) => Promise<Grant | undefined> {
  return async (session) => {
    const { username, clientId } = session;
    const found = await source.find({ username, clientId, strategy: 'both' });
    if (found === 'unavailable') throw new Error('the credentials are unavailable');
    return regrantBuiltin(found, session, clock.now());
  };
}
