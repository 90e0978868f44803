import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type {
  Authenticator,
  GuessedIdentity,
  GuessingBudget,
  PasswordVerifier,
  Verification,
  VerificationSubject,
} from '../needs.ts';
import type { Secret } from '../secret.ts';
import type { Verdict } from '../verdict.ts';
import { isFault, readBySourceRule, type SourceRecord } from './source-lookup.ts';
import {
  admitFromSource,
  backendFault,
  noRecord,
  passwordMismatch,
  passwordMissing,
  type SourceFacts,
  throttled,
  unverifiable,
} from './source-verdicts.ts';

export interface SourceOptions extends SourceFacts {
  /** `mysql`, `postgresql`, `redis` or `mongodb`. */
  readonly type: string;
  readonly verifier: PasswordVerifier;
  readonly budget: GuessingBudget;
}

/** Stored hashes remembered per authenticator, for asking the verified cache before the backend has answered. */
const REMEMBERED_MAX = 20_000;

/** What came of an attempt: for the client, and for the guessing budget. */
interface Finding {
  readonly verdict: Verdict;
  readonly guess: 'right' | 'wrong' | 'none';
}

/**
 * The authenticator over a database that knows clients (auth.md §4). The guessing budget is asked before the backend
 * is; only who got in before with this very password is looked up without asking it, so that an attack on a username
 * never keeps its device out (auth.md §5). The backend is asked even then: what it says now decides.
 */
export function createSource(options: SourceOptions): Authenticator {
  const remembered = new Map<string, string>();
  return {
    name: options.name,
    type: options.type,
    check: async (attempt) => {
      const tried = identitiesOf(options, attempt);
      const key = JSON.stringify([usernameOf(attempt) ?? null, attempt.clientId]);
      const gotInBefore = isKnownGood(options, key, remembered.get(key), attempt.password);
      const place = new BudgetPlace(options.budget, attempt, tried);
      const early = gotInBefore ? undefined : place.take();
      if (early !== undefined) return early;
      try {
        const finding = await judge({ options, attempt, key, place, remembered });
        place.tell(finding.guess);
        return finding.verdict;
      } catch (error) {
        place.tell('none');
        throw error;
      }
    },
  };
}

/** One attempt under way. */
interface Run {
  readonly options: SourceOptions;
  readonly attempt: Attempt;
  readonly key: string;
  readonly place: BudgetPlace;
  readonly remembered: Map<string, string>;
}

/** One attempt's place in the guessing budget: taken at most once, and always given back. */
class BudgetPlace {
  readonly #budget: GuessingBudget;
  readonly #attempt: Attempt;
  readonly #tried: readonly GuessedIdentity[] | undefined;
  #taken = false;

  constructor(budget: GuessingBudget, attempt: Attempt, tried: readonly GuessedIdentity[] | undefined) {
    this.#budget = budget;
    this.#attempt = attempt;
    this.#tried = tried;
  }

  /** Answers the verdict for who may not guess now. */
  take(): Verdict | undefined {
    if (this.#taken) return undefined;
    const admission = this.#budget.admit(this.#attempt, this.#tried);
    if (admission.result === 'busy') return { outcome: 'busy' };
    if (admission.result === 'refused') return throttled(admission.until, admission.failures);
    this.#taken = true;
    return undefined;
  }

  tell(guess: Finding['guess']): void {
    if (!this.#taken) return;
    if (guess === 'right') this.#budget.succeeded(this.#attempt, this.#tried, this.#tried?.[0]);
    else if (guess === 'wrong') this.#budget.failed(this.#attempt, this.#tried);
    else this.#budget.released(this.#attempt, this.#tried);
  }
}

/** Whose secret is guessed at; undefined where the record is found by neither name. */
function identitiesOf({ lookup }: SourceOptions, attempt: Attempt): readonly GuessedIdentity[] | undefined {
  const username = usernameOf(attempt);
  const identities = lookup.asksBy.flatMap((by): readonly GuessedIdentity[] => {
    if (by === 'clientId') return [{ by, value: attempt.clientId }];
    return username === undefined ? [] : [{ by, value: username }];
  });
  return identities.length === 0 ? undefined : identities;
}

const subjectOf = (
  { name }: SourceOptions,
  identity: string,
  hash: string,
  password: Secret<Uint8Array>,
): VerificationSubject => ({ authenticator: name, identity, version: 0, hash, password });

function isKnownGood(
  options: SourceOptions,
  key: string,
  hash: string | undefined,
  password: Secret<Uint8Array> | undefined,
): boolean {
  if (hash === undefined || password === undefined) return false;
  return options.verifier.peek(subjectOf(options, key, hash, password))?.result === 'match';
}

async function judge(run: Run): Promise<Finding> {
  const { options, attempt } = run;
  const found = await options.lookup.find(attempt);
  if (isFault(found)) return { verdict: backendFault(options, found), guess: 'none' };
  if (found.result === 'none') return { verdict: noRecord(options), guess: 'none' };
  const { record } = found;
  if (attempt.password === undefined) return { verdict: passwordMissing(options, record), guess: 'none' };
  const read = readBySourceRule(options.rule, record);
  if ('problem' in read) return { verdict: unverifiable(options, record, read.problem), guess: 'none' };
  return verified(run, record, subjectOf(options, run.key, read.hash, attempt.password));
}

/** Verifies against the record; the budget is asked now if the record is not the one that was known. */
async function verified(run: Run, record: SourceRecord, subject: VerificationSubject): Promise<Finding> {
  const { options, place } = run;
  const known = options.verifier.peek(subject);
  const early = known === undefined ? place.take() : undefined;
  if (early !== undefined) return { verdict: early, guess: 'none' };
  const verification = known ?? (await options.verifier.verify(subject));
  switch (verification.result) {
    case 'busy':
      return { verdict: { outcome: 'busy' }, guess: 'none' };
    case 'invalid-hash':
      return { verdict: unverifiable(options, record, 'hash-invalid'), guess: 'none' };
    case 'mismatch':
      return { verdict: passwordMismatch(options, record), guess: isFree(verification) ? 'none' : 'wrong' };
    case 'match':
      remember(run, subject.hash);
      return { verdict: await admit(run, record), guess: 'right' };
  }
}

/** A wrong password that is repeated costs no hash, and is no further guess (auth.md §5). */
const isFree = (verification: Extract<Verification, { result: 'mismatch' }>): boolean => verification.cached;

function remember({ remembered, key }: Run, hash: string): void {
  remembered.delete(key);
  remembered.set(key, hash);
  if (remembered.size <= REMEMBERED_MAX) return;
  const [oldest] = remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
}

/** What the client may do; a backend that cannot say so admits nobody. */
async function admit({ options, attempt }: Run, record: SourceRecord): Promise<Verdict> {
  const { lookup } = options;
  const asked = await lookup.superuser?.(attempt);
  if (asked !== undefined && isFault(asked)) return backendFault(options, asked, 'superuser');
  const superuser = asked?.superuser ?? record.superuser ?? false;
  const found = superuser ? undefined : await lookup.rules?.(attempt);
  if (found !== undefined && isFault(found)) return backendFault(options, found, 'rules');
  return admitFromSource(options, attempt, record, { superuser, rules: found?.rules });
}
