import type { AclRule } from '../acl/rule.ts';
import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { Authenticator, Clock, GuessedIdentity, GuessingBudget, MaybePromise } from '../needs.ts';
import type { Verdict } from '../verdict.ts';
import { refuseThrottled } from './builtin-verdicts.ts';
import type { WantedClaims } from './jwt-claims.ts';
import type { TokenVerification, TokenVerifier } from './jwt-token.ts';
import { judgeToken, malformed, missing, type NamedBearer } from './jwt-verdicts.ts';

/** Longest token that is read, in bytes; a longer text is none. */
export const TOKEN_BYTES_MAX = 16_384;

export interface JwtOptions {
  readonly name: string;
  /** The field of CONNECT that carries the token. */
  readonly from: 'password' | 'username';
  readonly verifier: TokenVerifier;
  readonly budget: GuessingBudget;
  readonly clock: Pick<Clock, 'now'>;
  /** Seconds by which clocks may differ. */
  readonly leewaySeconds: number;
  readonly verifyClaims: WantedClaims;
  /** Claim with access rules; empty: none is read. */
  readonly aclClaim: string;
  /** What clients may do whose token has no rules; absent: the default rules. */
  readonly rules?: readonly AclRule[] | undefined;
  /** Claim that makes a superuser when it is `true`; empty: none does. */
  readonly superuserClaim: string;
  /** Whether the session ends when the token does. */
  readonly disconnectAtExpiry: boolean;
}

/**
 * The authenticator of tokens (auth.md §4). What is no token for it is ignored; a token is refused for its signature,
 * its times or its claims, in that order.
 */
export function createJwt(options: JwtOptions): Authenticator {
  return {
    name: options.name,
    type: 'jwt',
    check(attempt) {
      const token = tokenOf(attempt, options.from);
      if (typeof token !== 'string') return token;
      const known = options.verifier.peek(token);
      return known === undefined ? work(options, attempt, token) : conclude(options, attempt, known);
    },
  };
}

/** The token as sent, or the verdict that there is none. */
function tokenOf(attempt: Attempt, from: JwtOptions['from']): string | Verdict {
  if (from === 'username') {
    const { username } = attempt;
    if (username === undefined || username === '') return missing(from, username === '');
    return username.length > TOKEN_BYTES_MAX ? tooLong(username.length) : username;
  }
  const bytes = attempt.password?.reveal();
  if (bytes === undefined || bytes.length === 0) return missing(from, bytes !== undefined);
  return bytes.length > TOKEN_BYTES_MAX ? tooLong(bytes.length) : new TextDecoder().decode(bytes);
}

const tooLong = (length: number): Verdict => malformed('longer than any token that is read', length);

/** Checks the signature, if the guessing budget admits it: a forged token is a guess like any other. */
function work(options: JwtOptions, attempt: Attempt, token: string): MaybePromise<Verdict> {
  const { budget, verifier } = options;
  const tried = triedBy(options, attempt);
  const admission = budget.admit(attempt, tried);
  if (admission.result === 'busy') return { outcome: 'busy' };
  if (admission.result === 'refused') return refuseThrottled({ ...admission, result: 'throttled' });
  const tell = (verification: TokenVerification): Verdict => {
    const verdict = conclude(options, attempt, verification);
    const proved = verdict.outcome === 'allow' ? provedBy(options, attempt) : undefined;
    if (verification.result === 'signature-invalid') budget.failed(attempt, tried);
    else if (proved !== undefined) budget.succeeded(attempt, tried, proved);
    else budget.released(attempt, tried);
    return verdict;
  };
  const answer = verifier.verify(token);
  if (!(answer instanceof Promise)) return tell(answer);
  return answer.then(tell, (error: unknown) => {
    budget.released(attempt, tried);
    throw error;
  });
}

/** A token is no name: where it comes as the username, guesses count for the client ID. */
const triedBy = ({ from }: JwtOptions, attempt: Attempt): readonly GuessedIdentity[] | undefined =>
  from === 'username' ? [{ by: 'clientId', value: attempt.clientId }] : undefined;

/** The name that a claim binds the token to: a good token for anybody proves no name at all. */
function provedBy({ from, verifyClaims }: JwtOptions, attempt: Attempt): GuessedIdentity | undefined {
  const templates: readonly unknown[] = Object.values(verifyClaims);
  const binds = (...forms: readonly string[]): boolean =>
    templates.some((one) => forms.some((form) => one === form));
  const username = usernameOf(attempt);
  if (from === 'password' && username !== undefined) {
    return binds('%u', '${username}') ? { by: 'username', value: username } : undefined;
  }
  return binds('%c', '${clientid}') ? { by: 'clientId', value: attempt.clientId } : undefined;
}

const conclude = (options: JwtOptions, attempt: Attempt, verification: TokenVerification): Verdict =>
  judgeToken(options, bearerOf(options, attempt), verification);

/** A client ID that the server made up names nobody, and a username that is the token is none. */
const bearerOf = ({ from }: JwtOptions, attempt: Attempt): NamedBearer => ({
  username: from === 'username' ? undefined : usernameOf(attempt),
  clientId: attempt.clientIdAssigned ? undefined : attempt.clientId,
  sessionId: attempt.clientId,
});
