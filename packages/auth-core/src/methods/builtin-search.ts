import type { Attempt } from '../attempt.ts';
import type { BasicCredential } from '../credential.ts';
import { andThen } from '../maybe-promise.ts';
import type {
  GuessingBudget,
  MaybePromise,
  PasswordVerifier,
  Verification,
  VerificationSubject,
} from '../needs.ts';
import type { Secret } from '../secret.ts';
import type { SecretCandidate } from './builtin-candidates.ts';

/** What the search needs of the authenticator's options. */
export interface SearchNeeds {
  readonly name: string;
  readonly verifier: PasswordVerifier;
  readonly budget: GuessingBudget;
}

/** What verifying a password against the stored secrets gave. */
export type Search =
  | { readonly result: 'match'; readonly candidate: SecretCandidate; readonly needsRehash: boolean }
  | { readonly result: 'busy' }
  | { readonly result: 'throttled'; readonly until: number; readonly failures: number }
  | ({ readonly result: 'none' } & Readonly<Tally>);

/** What is known of the secrets that admitted nobody. */
interface Tally {
  /** The password is right, but the credential is disabled or expired. */
  held: SecretCandidate | undefined;
  /** Credentials whose stored secrets the password does not match. */
  mismatched: readonly BasicCredential[];
  /** How a stored secret reads that is in no known form. */
  invalidHashes: readonly { readonly credential: BasicCredential; readonly found: string }[];
  /** Whether a mismatch cost work, and so counts as a guess; what the verified cache answers is free (auth.md §9). */
  guessed: boolean;
}

/**
 * Looks for a stored secret that the password matches: first in what the verified cache knows, so that a device that
 * got in before always gets in; then, if the guessing budget admits it, by verifying the others one after the other.
 */
export function findMatch(
  needs: SearchNeeds,
  attempt: Attempt,
  password: Secret<Uint8Array>,
  secrets: readonly SecretCandidate[],
): MaybePromise<Search> {
  const tally: Tally = { held: undefined, mismatched: [], invalidHashes: [], guessed: false };
  const open: SecretCandidate[] = [];
  for (const candidate of secrets) {
    const known = needs.verifier.peek(subjectOf(needs, candidate, password));
    if (known === undefined) open.push(candidate);
    else {
      const found = count(tally, candidate, known);
      if (found !== undefined) return found;
    }
  }
  if (open.length === 0) return { result: 'none', ...tally };
  const admission = needs.budget.admit(attempt);
  if (admission.result === 'refused') {
    const { until, failures } = admission;
    return tally.held === undefined ? { result: 'throttled', until, failures } : { result: 'none', ...tally };
  }
  const verified = verifyAll(needs, password, open, tally);
  return andThen(verified, (search) => told(needs.budget, attempt, search));
}

/** Verifies one secret after the other until one settles the matter. */
function verifyAll(
  needs: SearchNeeds,
  password: Secret<Uint8Array>,
  [candidate, ...rest]: readonly SecretCandidate[],
  tally: Tally,
): MaybePromise<Search> {
  if (candidate === undefined) return { result: 'none', ...tally };
  return andThen(
    needs.verifier.verify(subjectOf(needs, candidate, password)),
    (verification) => count(tally, candidate, verification) ?? verifyAll(needs, password, rest, tally),
  );
}

/** Takes one verification into account; answers the search's result when it settles the matter. */
function count(tally: Tally, candidate: SecretCandidate, verification: Verification): Search | undefined {
  const { credential } = candidate;
  switch (verification.result) {
    case 'match':
      if (candidate.standing === 'usable') {
        return { result: 'match', candidate, needsRehash: verification.needsRehash };
      }
      tally.held ??= candidate;
      return undefined;
    case 'mismatch':
      if (!tally.mismatched.includes(credential)) tally.mismatched = [...tally.mismatched, credential];
      tally.guessed ||= !verification.cached;
      return undefined;
    case 'invalid-hash':
      tally.invalidHashes = [...tally.invalidHashes, { credential, found: verification.found }];
      return undefined;
    case 'busy':
      return { result: 'busy' };
  }
}

/** Tells the budget what came of the work that it admitted; a right password is no guess, whatever its credential. */
function told(budget: GuessingBudget, attempt: Attempt, search: Search): Search {
  if (search.result === 'match') budget.succeeded(attempt);
  if (search.result === 'none' && search.guessed && search.held === undefined) budget.failed(attempt);
  return search;
}

const subjectOf = (
  { name }: SearchNeeds,
  { credential, hash }: SecretCandidate,
  password: Secret<Uint8Array>,
): VerificationSubject => ({
  authenticator: name,
  identity: credential.id,
  version: credential.version,
  hash,
  password,
});
