import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { StoredCredential } from '../credential.ts';
import { andThen } from '../maybe-promise.ts';
import type {
  Authenticator,
  Clock,
  CredentialSource,
  GuessingBudget,
  LookupStrategy,
  MaybePromise,
  MismatchProbe,
  PasswordVerifier,
} from '../needs.ts';
import type { Verdict } from '../verdict.ts';
import { candidatesOf, type Candidates } from './builtin-candidates.ts';
import { findMatch, type Search } from './builtin-search.ts';
import {
  admitBySecret,
  admitPasswordless,
  noCredentials,
  refuseThrottled,
  refuseWithPassword,
  refuseWithoutPassword,
} from './builtin-verdicts.ts';

/** What somebody outside the decision may want to know; called at most once per attempt and must not throw. */
export interface BuiltinHooks {
  /** A password matched none of these credentials: evidence may be sought while the secret is in memory. */
  readonly mismatch?: (attempt: Attempt, probes: readonly MismatchProbe[]) => void;
}

export interface BuiltinOptions {
  readonly name: string;
  /** Which identities are looked up: the username, the client ID, or both and their pair. */
  readonly strategy: LookupStrategy;
  readonly source: CredentialSource;
  readonly verifier: PasswordVerifier;
  readonly budget: GuessingBudget;
  readonly clock: Clock;
  readonly hooks?: BuiltinHooks;
}

/**
 * The authenticator over the credentials in the store (auth.md §4). Any record that names the client and whose
 * secret verifies admits; a record without a secret admits only when it is `passwordless`, and only when no secret
 * verified, so that the grant is that of the strongest proof.
 */
export function createBuiltin(options: BuiltinOptions): Authenticator {
  return {
    name: options.name,
    type: 'builtin',
    check(attempt) {
      const query = queryOf(attempt, options.strategy);
      if (query === undefined) return noCredentials(options.strategy);
      const found = options.source.find(query);
      return andThen(found, (records) => judge(options, attempt, records));
    },
  };
}

type Query = Parameters<CredentialSource['find']>[0];

/** What to look up; undefined when the client sent no identity that the strategy goes by. */
function queryOf(attempt: Attempt, strategy: LookupStrategy): Query | undefined {
  const username = strategy === 'clientid' ? undefined : usernameOf(attempt);
  // A client ID that the server made up names nobody.
  const byClientId = strategy !== 'username' && !attempt.clientIdAssigned;
  if (username === undefined) {
    return byClientId ? { username, clientId: attempt.clientId, strategy: 'clientid' } : undefined;
  }
  return { username, clientId: attempt.clientId, strategy: byClientId ? 'both' : 'username' };
}

function judge(
  options: BuiltinOptions,
  attempt: Attempt,
  records: readonly StoredCredential[] | 'unavailable',
): MaybePromise<Verdict> {
  if (records === 'unavailable') {
    return {
      outcome: 'error',
      reason: 'AUTHENTICATOR_ERROR',
      detail: { problem: 'credentials unavailable' },
    };
  }
  const candidates = candidatesOf(records, attempt, options.clock.now());
  if (candidates.total === 0) return noCredentials(options.strategy);
  const { password } = attempt;
  if (password === undefined) return byIdentityAlone(candidates) ?? refuseWithoutPassword(candidates);
  return andThen(findMatch(options, attempt, password, candidates.secrets), (search) => {
    if (search.result === 'match') return admitBySecret(search);
    if (search.result === 'none' && search.mismatched.length > 0) {
      options.hooks?.mismatch?.(
        attempt,
        search.mismatched.map((credential) => ({ credential, password })),
      );
    }
    return byIdentityAlone(candidates) ?? conclude(candidates, search);
  });
}

/** What becomes of a password that verified nowhere, or could not be verified. */
function conclude(candidates: Candidates, search: Exclude<Search, { result: 'match' }>): Verdict {
  switch (search.result) {
    case 'busy':
      return { outcome: 'busy' };
    case 'throttled':
      return refuseThrottled(search);
    case 'none':
      return refuseWithPassword(candidates, search);
  }
}

function byIdentityAlone({ passwordless }: Candidates): Verdict | undefined {
  const usable = passwordless.find(({ standing }) => standing === 'usable');
  return usable && admitPasswordless(usable.credential);
}
