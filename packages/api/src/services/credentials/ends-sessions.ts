import { x509KeyOf } from '@gatehouse/auth-core';
import type { Credential, CredentialFacts } from '@gatehouse/ports';

/**
 * Whether sessions that the old state admitted must end. Whatever else changed - name, description, tags, rules - is
 * put in force in the open sessions, which go on (auth.md §7).
 */
export const endsSessions = (before: Credential, after: Credential, now: number): boolean =>
  (before.enabled && !after.enabled) ||
  before.username !== after.username ||
  before.clientId !== after.clientId ||
  provesLess(before.facts, after.facts) ||
  (before.passwordless && !after.passwordless) ||
  (before.superuser && !after.superuser) ||
  (after.expiresAt !== null && after.expiresAt <= now) ||
  endsEarlier(before, after);

/** A session watches the deadline that it was opened with: the client must come back to get an earlier one. */
const endsEarlier = (before: Credential, after: Credential): boolean =>
  after.expiresAt !== null && (before.expiresAt === null || after.expiresAt < before.expiresAt);

/** What the session proved is not what the credential asks for now. */
const provesLess = (before: CredentialFacts, after: CredentialFacts): boolean => {
  if (before.type === 'psk') return after.type !== 'psk' || before.identity !== after.identity;
  if (before.type !== 'x509' || after.type !== 'x509') return false;
  const key = ({ match }: typeof before): string => (match === null ? '' : x509KeyOf(match));
  return key(before) !== key(after) || (before.skipValidity && !after.skipValidity);
};
