import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import type { Authenticator } from '../needs.ts';

export interface PskOptions {
  readonly name: string;
  /** What its clients may do; undefined: the default rules. */
  readonly rules: readonly AclRule[] | undefined;
}

/**
 * Admits whoever proved to its listener that it holds an identity's pre-shared key (auth.md §6): the handshake was the
 * login. Others are the next step's business.
 */
export const createPsk = ({ name, rules = DEFAULT_RULES }: PskOptions): Authenticator => ({
  name,
  type: 'psk',
  check: ({ tls }) => {
    const identity = tls?.pskIdentity;
    if (identity === undefined || identity === '') {
      return { outcome: 'ignore', reason: 'CHAIN_EXHAUSTED', detail: { presharedKey: false } };
    }
    return {
      outcome: 'allow',
      grant: {
        principal: { namespace: name, subject: identity },
        superuser: false,
        rules,
        credentialId: undefined,
        bindsClientId: false,
        expiresAt: undefined,
        rehash: false,
        anonymous: false,
      },
      detail: { identity },
    };
  },
});
