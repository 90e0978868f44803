import type { Credential } from '@gatehouse/ports';

/**
 * Whether sessions that the old state admitted must end. Whatever else changed - name, description, tags, rules - is
 * put in force in the open sessions, which go on (auth.md §7).
 */
export const endsSessions = (before: Credential, after: Credential, now: number): boolean =>
  (before.enabled && !after.enabled) ||
  before.username !== after.username ||
  before.clientId !== after.clientId ||
  (before.passwordless && !after.passwordless) ||
  (before.superuser && !after.superuser) ||
  (after.expiresAt !== null && after.expiresAt <= now) ||
  endsEarlier(before, after);

/** A session watches the deadline that it was opened with: the client must come back to get an earlier one. */
const endsEarlier = (before: Credential, after: Credential): boolean =>
  after.expiresAt !== null && (before.expiresAt === null || after.expiresAt < before.expiresAt);
