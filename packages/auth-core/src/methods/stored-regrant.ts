import type { AclRule } from '../acl/rule.ts';
import type { Clock } from '../needs.ts';
import { type Grant, tagsOf } from '../verdict.ts';
import type { PskCredential } from './psk-credentials.ts';
import type { ScramCredential } from './scram.ts';
import type { X509Credential } from './x509-credentials.ts';
import { rulesFor } from './x509-rules.ts';

type Stored = Pick<X509Credential, 'enabled' | 'expiresAt' | 'superuser' | 'tags'>;

/**
 * The grant that an open session's X.509, SCRAM or PSK credential gives now. Undefined when it would admit the session no
 * longer: disabled, expired, or without rules for its common name. No proof is asked for: that there was one is why it
 * is open. What narrows the session besides (a `require` group) stays.
 */
export function regrantStored(
  credential: X509Credential | (ScramCredential | PskCredential),
  granted: Grant,
  clock: Pick<Clock, 'now'>,
): Grant | undefined {
  if (!isInForce(credential, clock.now())) return undefined;
  const rules = 'match' in credential ? rulesFor(credential, granted.commonName) : credential.rules;
  return typeof rules === 'string' ? undefined : renewed(granted, credential, rules);
}

const isInForce = ({ enabled, expiresAt }: Stored, now: number): boolean =>
  enabled && (expiresAt === null || expiresAt > now);

/** A session watches the deadline that it was opened with, which may be its certificate's: it only comes nearer. */
function renewed(granted: Grant, credential: Stored, rules: readonly AclRule[]): Grant {
  const { superuser, expiresAt } = credential;
  const { tags: _before, ...kept } = granted;
  const ends = [granted.expiresAt, expiresAt].filter((end) => typeof end === 'number');
  return {
    ...kept,
    ...tagsOf(credential),
    // Within a `require` group all of them have to make a superuser, and only this one was asked.
    superuser: superuser && (granted.superuser || !('alsoWithin' in granted)),
    rules,
    expiresAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
}
