import { createPsk } from '@gatehouse/auth-core';
import { pskSettings, type PskSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { rulesOf, topicProblems } from './x509-settings.ts';

/** Clients that proved a pre-shared key to their listener; there is nothing to guess at any more. */
export const pskKind: AuthenticatorKind<PskSettings> = {
  settings: pskSettings,
  problems: ({ rules }) => topicProblems(rules, 'rules'),
  create: (name, { rules }, { clock, stored }) => {
    const authenticator = createPsk({
      name,
      rules: rules && rulesOf(rules),
      credentials: stored.psk,
      clock,
    });
    return { authenticator, rehearsal: authenticator, close: () => Promise.resolve() };
  },
};
