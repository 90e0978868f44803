import type { AuthenticatorStats } from '@gatehouse/ports';
import { iso } from './time.ts';

/** What an authenticator answered since start; null where it was never asked. */
export const presentAuthenticator = ({ lastError, backend: _backend, ...rest }: AuthenticatorStats) =>
  rest.allow + rest.deny + rest.ignore + rest.error === 0
    ? null
    : { ...rest, lastError: lastError === null ? null : { at: iso(lastError.at), text: lastError.text } };
