import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { BasicCredential, StoredCredential, StoredHash, UnparsableCredential } from '../credential.ts';

/** What a client calls itself. */
type Names = Pick<Attempt, 'username' | 'clientId'>;

/** A credential that names the client, and whether it may admit anybody now. */
export interface Candidate {
  readonly credential: BasicCredential;
  readonly standing: 'usable' | 'disabled' | 'expired';
}

/** One stored secret to verify the client's password against. */
export interface SecretCandidate extends Candidate {
  readonly hash: StoredHash;
  /** `previous`: the secret before the last rotation, still accepted. */
  readonly secret: 'current' | 'previous';
}

/** The records that may speak for a client, sorted by what they can be used for; most specific identity first. */
export interface Candidates {
  readonly total: number;
  readonly secrets: readonly SecretCandidate[];
  /** They admit by their identity alone. */
  readonly passwordless: readonly Candidate[];
  /** Neither a secret nor `passwordless`: they admit nobody. */
  readonly withoutSecret: readonly BasicCredential[];
  readonly unparsable: readonly UnparsableCredential[];
}

/** Sorts the records found for an attempt; `now` in milliseconds since the epoch. */
export function candidatesOf(records: readonly StoredCredential[], attempt: Names, now: number): Candidates {
  const unparsable: UnparsableCredential[] = [];
  const readable: BasicCredential[] = [];
  for (const record of records) {
    if ('unparsable' in record) unparsable.push(record);
    else if (names(record, attempt)) readable.push(record);
  }
  if (readable.length > 1) readable.sort((a, b) => specificity(b) - specificity(a));
  const candidates = readable.map((credential) => ({ credential, standing: standingOf(credential, now) }));
  return {
    total: readable.length + unparsable.length,
    secrets: candidates.flatMap((candidate) => secretsOf(candidate, now)),
    passwordless: candidates.filter(
      ({ credential }) => credential.secretHash === null && credential.passwordless,
    ),
    withoutSecret: readable.filter(
      (credential) => credential.secretHash === null && !credential.passwordless,
    ),
    unparsable,
  };
}

/** Whether every identity that the credential names is the client's: a source's loose match must never admit. */
const names = (credential: BasicCredential, attempt: Names): boolean =>
  specificity(credential) > 0 &&
  (credential.username === null || credential.username === usernameOf(attempt)) &&
  (credential.clientId === null || credential.clientId === attempt.clientId);

/** Both identities before the username alone, that before the client ID alone. */
const specificity = ({ username, clientId }: BasicCredential): number =>
  (username === null ? 0 : 2) + (clientId === null ? 0 : 1);

const standingOf = ({ enabled, expiresAt }: BasicCredential, now: number): Candidate['standing'] => {
  if (!enabled) return 'disabled';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'usable';
};

function secretsOf(candidate: Candidate, now: number): readonly SecretCandidate[] {
  const { secretHash, previousSecret } = candidate.credential;
  if (secretHash === null) return [];
  const { credential, standing } = candidate;
  const current = { credential, standing, hash: secretHash, secret: 'current' } as const;
  return previousSecret === null || previousSecret.validUntil <= now
    ? [current]
    : [current, { credential, standing, hash: previousSecret.hash, secret: 'previous' }];
}
