import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type {
  Authenticator,
  GuessedIdentity,
  GuessingBudget,
  PasswordVerifier,
  VerificationSubject,
} from '../needs.ts';
import { foldedName } from '../guessing/fold.ts';
import { oldestOf } from '../oldest.ts';
import type { Secret } from '../secret.ts';
import type { Verdict } from '../verdict.ts';
import { isLdapFault, type LdapDirectory, type LdapEntry } from './ldap-directory.ts';
import { hasScheme, isDisabled, schemeOf, storedPasswords } from './ldap-entry.ts';
import { placeholdersOf, questionFor } from './ldap-template.ts';
import {
  accountDisabled,
  admitAs,
  bindRejected,
  directoryFault,
  hashInvalid,
  type LdapFacts,
  noEntry,
  passwordMismatch,
  passwordMissing,
  tooManyFailures,
} from './ldap-verdicts.ts';

export interface LdapOptions extends LdapFacts {
  readonly directory: LdapDirectory;
  /** Let the directory itself check the password, by a login as the client's entry; nothing is ever remembered. */
  readonly bindAsUser: boolean;
  readonly verifier: PasswordVerifier;
  readonly budget: GuessingBudget;
}

/** Stored passwords remembered per authenticator, for asking the verified cache before the directory has answered. */
const REMEMBERED_MAX = 20_000;

/** What came of an attempt: for the client, and for the guessing budget. */
interface Finding {
  readonly verdict: Verdict;
  readonly guess: 'right' | 'wrong' | 'none';
}

/** What one authenticator keeps between attempts. */
interface Keeping {
  readonly options: LdapOptions;
  /** The stored password that last verified, by who the client says it is. */
  readonly remembered: Map<string | undefined, string>;
  readonly oldest: () => string | undefined;
}

/**
 * The authenticator over a directory (auth.md §4): searches the client's entry as a service account, then compares its
 * stored password or logs in as it. The guessing budget is asked before the directory is, except for who got in
 * before with this very password; the directory is asked even then, and what it says now decides.
 */
export function createLdap(options: LdapOptions): Authenticator {
  const remembered = new Map<string | undefined, string>();
  const keeping: Keeping = { options, remembered, oldest: oldestOf(remembered) };
  return {
    name: options.name,
    type: 'ldap',
    check: async (attempt) => {
      const tried = identitiesOf(options, attempt);
      const gotInBefore = isKnownGood(keeping, attempt);
      if (!gotInBefore) {
        const admission = options.budget.admit(attempt, tried);
        if (admission.result === 'busy') return { outcome: 'busy' };
        if (admission.result === 'refused') return tooManyFailures(admission.until, admission.failures);
      }
      try {
        const { verdict, guess } = await judge(keeping, attempt);
        if (!gotInBefore) tell(options.budget, attempt, tried, guess);
        return verdict;
      } catch (error) {
        if (!gotInBefore) options.budget.released(attempt, tried);
        throw error;
      }
    },
  };
}

function tell(
  budget: GuessingBudget,
  attempt: Attempt,
  tried: readonly GuessedIdentity[] | undefined,
  guess: Finding['guess'],
): void {
  if (guess === 'right') budget.succeeded(attempt, tried, tried?.[0]);
  else if (guess === 'wrong') budget.failed(attempt, tried);
  else budget.released(attempt, tried);
}

/** Whose secret is guessed at; undefined where the entry is found by neither name. */
function identitiesOf({ search }: LdapOptions, attempt: Attempt): readonly GuessedIdentity[] | undefined {
  const used = new Set([...placeholdersOf(search.base), ...placeholdersOf(search.filter)]);
  const username = used.has('username') ? usernameOf(attempt) : undefined;
  const identities: readonly GuessedIdentity[] = [
    ...(username === undefined ? [] : [{ by: 'username', value: foldedName(username) } as const]),
    ...(used.has('clientid') ? [{ by: 'clientId', value: foldedName(attempt.clientId) } as const] : []),
  ];
  return identities.length === 0 ? undefined : identities;
}

const keyOf = (attempt: Attempt): string => JSON.stringify([usernameOf(attempt) ?? null, attempt.clientId]);

function isKnownGood({ options, remembered }: Keeping, attempt: Attempt): boolean {
  const hash = remembered.get(keyOf(attempt));
  if (hash === undefined || attempt.password === undefined) return false;
  return options.verifier.peek(subjectOf(options, attempt, hash, attempt.password))?.result === 'match';
}

const subjectOf = (
  { name }: LdapOptions,
  attempt: Attempt,
  hash: string,
  password: Secret<Uint8Array>,
): VerificationSubject => ({ authenticator: name, identity: keyOf(attempt), version: 0, hash, password });

const noGuess = (verdict: Verdict): Finding => ({ verdict, guess: 'none' });

async function judge(keeping: Keeping, attempt: Attempt): Promise<Finding> {
  const { options } = keeping;
  const question = questionFor(options.search, attempt);
  if ('problem' in question) return noGuess(noEntry(options, question.problem));
  const answer = await options.directory.search(question);
  if (isLdapFault(answer)) return noGuess(directoryFault(options, answer));
  const [entry, another] = answer.entries;
  if (entry === undefined) return noGuess(noEntry(options));
  if (another !== undefined) {
    const problem = 'more than one entry fits the search';
    return noGuess(directoryFault(options, { result: 'bad-result', problem }));
  }
  if (isDisabled(entry, options.attributes)) return noGuess(accountDisabled(options, entry));
  const { password } = attempt;
  if (password === undefined) return noGuess(passwordMissing(entry, 'none'));
  // RFC 4513 §5.1.2: a login with an empty password succeeds, as an anonymous one.
  if (password.reveal().length === 0) return noGuess(passwordMissing(entry, 'empty'));
  return options.bindAsUser
    ? byLogin(options, attempt, entry, password)
    : byComparison(keeping, attempt, entry, password);
}

/** The directory checks the password itself. */
async function byLogin(
  options: LdapOptions,
  attempt: Attempt,
  entry: LdapEntry,
  password: Secret<Uint8Array>,
): Promise<Finding> {
  // RFC 4513 §5.1.1: a login with an empty name is an anonymous one, whatever the password.
  if (entry.dn.trim() === '') {
    return noGuess(directoryFault(options, { result: 'bad-result', problem: 'the entry has no name' }));
  }
  const answer = await options.directory.bindAs(entry.dn, password);
  if (isLdapFault(answer)) return noGuess(directoryFault(options, answer, 'login'));
  return answer.result === 'bound'
    ? { verdict: admitAs(options, attempt, entry, { proof: 'login' }), guess: 'right' }
    : { verdict: bindRejected(entry, answer.problem), guess: 'wrong' };
}

/** Compares with the stored passwords, one after the other until one matches. */
async function byComparison(
  keeping: Keeping,
  attempt: Attempt,
  entry: LdapEntry,
  password: Secret<Uint8Array>,
): Promise<Finding> {
  const { options } = keeping;
  const stored = storedPasswords(entry, options.attributes);
  const schemes = stored.map(schemeOf);
  let mismatch: 'none' | 'free' | 'guessed' = 'none';
  let problem: string | undefined;
  for (const hash of stored) {
    if (!hasScheme(hash)) {
      problem ??= 'a stored password has no scheme in braces';
      continue;
    }
    const verification = await options.verifier.verify(subjectOf(options, attempt, hash, password));
    if (verification.result === 'busy') return noGuess({ outcome: 'busy' });
    if (verification.result === 'invalid-hash') problem ??= verification.found;
    else if (verification.result === 'match') {
      remember(keeping, attempt, hash);
      return { verdict: admitAs(options, attempt, entry, { scheme: schemeOf(hash) }), guess: 'right' };
    } else if (!verification.cached) mismatch = 'guessed';
    else if (mismatch === 'none') mismatch = 'free';
  }
  if (mismatch === 'none') {
    const empty = `the entry has no ${options.attributes.password} that the service account may read`;
    return noGuess(hashInvalid(entry, schemes, problem ?? empty));
  }
  // A wrong password that is repeated costs no hash, and is no further guess (auth.md §5).
  return { verdict: passwordMismatch(entry, schemes), guess: mismatch === 'guessed' ? 'wrong' : 'none' };
}

function remember({ remembered, oldest }: Keeping, attempt: Attempt, hash: string): void {
  const key = keyOf(attempt);
  remembered.delete(key);
  remembered.set(key, hash);
  if (remembered.size > REMEMBERED_MAX) remembered.delete(oldest());
}
