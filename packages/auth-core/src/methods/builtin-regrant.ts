import type { Attempt } from '../attempt.ts';
import type { StoredCredential } from '../credential.ts';
import type { Grant } from '../verdict.ts';
import { candidatesOf } from './builtin-candidates.ts';
import { grantOf } from './builtin-verdicts.ts';

/** An open session and the credential that admitted it. */
export interface AdmittedSession extends Pick<Attempt, 'username' | 'clientId'> {
  readonly credentialId: string;
}

/**
 * The grant that an open session's credential gives at `now` (milliseconds since the epoch), out of the records found
 * for its names. Undefined when the credential would admit it no longer: deleted, disabled, expired, unreadable, of
 * another identity, or without any proof to ask for. No secret is asked for: that it proved one is why it is open.
 */
export function regrantBuiltin(
  records: readonly StoredCredential[],
  session: AdmittedSession,
  now: number,
): Grant | undefined {
  const { secrets, passwordless } = candidatesOf(records, session, now);
  const candidate = [...secrets, ...passwordless].find(
    ({ credential }) => credential.id === session.credentialId,
  );
  return candidate?.standing === 'usable' ? grantOf(candidate.credential, false) : undefined;
}
