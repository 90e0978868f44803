import { createX509, createX509List, joinX509 } from '@gatehouse/auth-core';
import { x509Settings, type X509Settings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { x509CredentialsOf, x509Problems } from './x509-settings.ts';

/** Client certificates that led to the listener's CA. It guesses at no secret, so a dry run is the same thing. */
export const x509Kind: AuthenticatorKind<X509Settings> = {
  settings: x509Settings,
  problems: x509Problems,
  create: (name, settings, { clock, stored }) => {
    const authenticator = createX509({
      name,
      credentials: joinX509(createX509List(x509CredentialsOf(settings)), stored.x509),
      alongChain: settings.match_chain,
      clock,
    });
    return { authenticator, rehearsal: authenticator, close: () => Promise.resolve() };
  },
};
