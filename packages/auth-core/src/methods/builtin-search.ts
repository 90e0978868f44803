import type { Attempt } from '../attempt.ts';
import type { BasicCredential } from '../credential.ts';
import { andThen } from '../maybe-promise.ts';
import type {
  GuessedIdentity,
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
  const tried = identitiesOf(open);
  const admission = needs.budget.admit(attempt, tried);
  if (admission.result !== 'ok') {
    return tally.held === undefined ? refusedBy(admission) : { result: 'none', ...tally };
  }
  return settled(needs.budget, attempt, tried, verifyAll(needs, password, open, tally));
}

const refusedBy = (
  admission: Exclude<ReturnType<GuessingBudget['admit']>, { readonly result: 'ok' }>,
): Search =>
  admission.result === 'busy'
    ? { result: 'busy' }
    : { result: 'throttled', until: admission.until, failures: admission.failures };

/** Whose secrets are verified: a username of the client's that names none of them is no guess at anybody. */
function identitiesOf(secrets: readonly SecretCandidate[]): readonly GuessedIdentity[] {
  const identities = new Map<string, GuessedIdentity>();
  for (const { credential } of secrets) {
    const identity = identityOf(credential);
    identities.set(identity.by, identity);
  }
  return [...identities.values()];
}

/** All candidates name this client, so that each kind of identity has one value only. */
const identityOf = ({ username, clientId }: BasicCredential): GuessedIdentity =>
  username === null ? { by: 'clientId', value: String(clientId) } : { by: 'username', value: username };

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

/** Tells the budget what came of the work that it admitted, whatever that was. */
function settled(
  budget: GuessingBudget,
  attempt: Attempt,
  tried: readonly GuessedIdentity[],
  work: MaybePromise<Search>,
): MaybePromise<Search> {
  const tell = (search: Search): Search => {
    if (search.result === 'match') {
      budget.succeeded(attempt, tried, identityOf(search.candidate.credential));
    } else if (isGuess(search)) budget.failed(attempt, tried);
    else budget.released(attempt, tried);
    return search;
  };
  if (!(work instanceof Promise)) return tell(work);
  return work.then(tell, (error: unknown) => {
    budget.released(attempt, tried);
    throw error;
  });
}

/** A right password is no guess, whatever its credential. */
const isGuess = (search: Search): boolean =>
  search.result === 'none' && search.guessed && search.held === undefined;

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
