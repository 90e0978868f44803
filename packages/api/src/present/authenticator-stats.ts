import type { AuthenticatorStats } from '@gatehouse/ports';
import { iso } from './time.ts';

/** What an authenticator answered since start. */
export const presentAuthenticator = ({ lastError, ...rest }: AuthenticatorStats) => ({
  ...rest,
  lastError: lastError === null ? null : { at: iso(lastError.at), text: lastError.text },
});
