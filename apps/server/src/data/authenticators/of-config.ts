import type { Config } from '../../config/schema.ts';
import { readAuthenticator, type ReadyAuthenticator } from './kinds.ts';

/** An authenticator of a configuration that was found good at start; `builtin` needs no entry. */
export function settingsOf(config: Config, name: string): ReadyAuthenticator {
  const read = readAuthenticator(config.auth.authenticators[name] ?? { type: 'builtin' });
  if ('problems' in read) throw new Error(`auth.authenticators.${name} was not checked at start`);
  return read;
}
