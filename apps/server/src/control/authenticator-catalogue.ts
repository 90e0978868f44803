import type { AuthenticatorCatalogue } from '@gatehouse/ports';
import { AUTHENTICATOR_TYPES, readAuthenticator, settingsSchema } from '../data/authenticators/kinds.ts';

/** The types of this release, as API and console see them. */
export const AUTHENTICATOR_CATALOGUE: AuthenticatorCatalogue = {
  types: AUTHENTICATOR_TYPES,
  check: (raw) => {
    const read = readAuthenticator(raw);
    return 'problems' in read ? read.problems : [];
  },
  schema: settingsSchema,
};
