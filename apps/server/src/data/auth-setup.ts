import { authenticatorsOf } from '@gatehouse/auth-core';
import type { AuthSetup, RawAuthenticator } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { readAuthenticator } from './authenticators/kinds.ts';

/** The built-in credentials need no entry. */
const BUILTIN: RawAuthenticator = { type: 'builtin' };

/** What the configuration alone puts in force. */
export const setupOfConfig = ({ auth }: Config): AuthSetup => ({
  authenticators: { builtin: BUILTIN, ...auth.authenticators },
  chains: auth.chains,
  anonymous: auth.anonymous,
});

/** Authenticators that take part in a chain and are switched on. */
export function enabledAuthenticators({ authenticators, chains }: AuthSetup): readonly string[] {
  const used = new Set(Object.values(chains).flatMap(authenticatorsOf));
  return [...used].filter((name) => {
    const raw = authenticators[name];
    const read = raw === undefined ? undefined : readAuthenticator(raw);
    return read !== undefined && 'settings' in read && read.settings.enabled;
  });
}
