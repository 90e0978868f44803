import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import type { TlsFacts } from '../attempt.ts';
import { andThen } from '../maybe-promise.ts';
import type { Authenticator, Clock } from '../needs.ts';
import type { ReasonCode } from '../reasons/index.ts';
import { type Grant, type SafeDetail, tagsOf, type Verdict } from '../verdict.ts';
import type { PskCredential, PskCredentials, StoredPskCredential } from './psk-credentials.ts';

export interface PskOptions {
  readonly name: string;
  /** What clients with a key of a listener's file may do; undefined: the default rules. */
  readonly rules: readonly AclRule[] | undefined;
  /** Stored credentials, each with rules of its own; without them every identity is one of a file. */
  readonly credentials?: PskCredentials;
  readonly clock: Pick<Clock, 'now'>;
}

type Facts = Pick<TlsFacts, 'pskOrigin'> & { readonly identity: string };

/**
 * Admits whoever proved to its listener that it holds an identity's pre-shared key (auth.md §6): the handshake was the
 * login. Others are the next step's business.
 */
export const createPsk = (options: PskOptions): Authenticator => ({
  name: options.name,
  type: 'psk',
  check: ({ tls }) => {
    const identity = tls?.pskIdentity;
    if (identity === undefined || identity === '') {
      return { outcome: 'ignore', reason: 'CHAIN_EXHAUSTED', detail: { presharedKey: false } };
    }
    const origin = tls?.pskOrigin;
    // The key was one of the file: what the store says of the name meanwhile is about another key.
    if (options.credentials === undefined || origin === null) return ofFile(options, identity);
    return andThen(options.credentials.find(identity), (found) =>
      found === 'unavailable'
        ? UNAVAILABLE
        : decide(options, { identity, ...(origin === undefined ? {} : { pskOrigin: origin }) }, found),
    );
  },
});

const UNAVAILABLE: Verdict = {
  outcome: 'error',
  reason: 'AUTHENTICATOR_ERROR',
  detail: { problem: 'credentials unavailable' },
};

function decide(options: PskOptions, facts: Facts, found: StoredPskCredential | undefined): Verdict {
  const { identity, pskOrigin: origin } = facts;
  if (found === undefined) {
    return origin === undefined
      ? ofFile(options, identity)
      : deny('PSK_UNKNOWN_IDENTITY', { identity, problem: 'its credential was removed since the handshake' });
  }
  if ('unparsable' in found) {
    return {
      outcome: 'error',
      reason: 'AUTHENTICATOR_ERROR',
      detail: { identity, credentialId: found.id, problem: found.unparsable },
    };
  }
  const about = { identity, credentialId: found.id, credential: found.name };
  const isProved =
    origin === undefined ||
    origin === null ||
    (origin.credentialId === found.id && origin.keyChangedAt === found.keyChangedAt);
  if (!isProved)
    return deny('PSK_KEY_MISMATCH', { ...about, problem: 'the key was replaced since the handshake' });
  if (!found.enabled) return deny('CREDENTIAL_DISABLED', about);
  const { expiresAt } = found;
  if (expiresAt !== null && expiresAt <= options.clock.now()) {
    return deny('CREDENTIAL_EXPIRED', { ...about, expiresAt: new Date(expiresAt).toISOString() });
  }
  return { outcome: 'allow', grant: grantOf(options, found), detail: about };
}

const grantOf = ({ name }: PskOptions, credential: PskCredential): Grant => ({
  principal: { namespace: name, subject: credential.identity },
  superuser: credential.superuser,
  rules: credential.rules,
  ...tagsOf(credential),
  credentialId: credential.id,
  bindsClientId: false,
  expiresAt: credential.expiresAt ?? undefined,
  rehash: false,
  anonymous: false,
});

/** An identity of a listener's file: the settings say what it may do. */
const ofFile = ({ name, rules = DEFAULT_RULES }: PskOptions, identity: string): Verdict => ({
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
});

const deny = (reason: ReasonCode, detail: SafeDetail): Verdict => ({ outcome: 'deny', reason, detail });
