import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import type { Clock } from '../needs.ts';
import type { Grant, Principal, SafeDetail, Verdict } from '../verdict.ts';
import { readAcl } from './jwt-acl.ts';
import { checkClaims, checkTimes, numericDate, type TokenBearer, type WantedClaims } from './jwt-claims.ts';
import type { Claims, TokenHeader, TokenVerification } from './jwt-token.ts';

/** What a token is judged by. */
export interface TokenPolicy {
  readonly name: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly leewaySeconds: number;
  readonly verifyClaims: WantedClaims;
  readonly aclClaim: string;
  readonly rules?: readonly AclRule[] | undefined;
  readonly superuserClaim: string;
  readonly disconnectAtExpiry: boolean;
}

/** Who a token is judged for, and the client ID in force, whoever chose it. */
export interface NamedBearer extends TokenBearer {
  readonly sessionId: string;
}

/** Latest end of a session, milliseconds since the epoch; a later one is none. */
const EXPIRES_AT_MAX = 8.64e15;
/** Longest `sub` that names a principal, in characters; a longer one names nobody. */
const SUBJECT_CHARS_MAX = 1_024;

/** The field that should carry the token is absent or empty. */
export const missing = (field: string, sentEmpty: boolean): Verdict => ({
  outcome: 'ignore',
  reason: 'JWT_MISSING',
  detail: { field, sent: sentEmpty ? 'empty' : 'not at all' },
});

/** What came is no token; `characters` where its length says something. */
export const malformed = (problem: string, characters?: number): Verdict => ({
  outcome: 'ignore',
  reason: 'JWT_MALFORMED',
  detail: { problem, ...(characters === undefined ? {} : { characters }) },
});

const headerDetail = ({ alg, kid }: TokenHeader): SafeDetail => ({
  algorithm: alg,
  ...(kid === undefined ? {} : { kid }),
});

/** The verdict over a token whose form, key and signature were checked. */
export function judgeToken(policy: TokenPolicy, bearer: NamedBearer, token: TokenVerification): Verdict {
  switch (token.result) {
    case 'malformed':
      return malformed(token.problem);
    case 'no-key':
      return {
        outcome: 'ignore',
        reason: 'JWT_KEY_NOT_FOUND',
        detail: { ...headerDetail(token), problem: token.problem },
      };
    case 'keys-unavailable':
      return { outcome: 'error', reason: 'JWT_JWKS_UNAVAILABLE', detail: { problem: token.problem } };
    case 'algorithm-not-allowed':
      return {
        outcome: 'deny',
        reason: 'JWT_ALGORITHM_NOT_ALLOWED',
        detail: { algorithm: token.alg, allowed: token.allowed },
      };
    case 'signature-invalid':
      return {
        outcome: 'deny',
        reason: 'JWT_SIGNATURE_INVALID',
        detail: { ...headerDetail(token), keysTried: token.keysTried },
      };
    case 'verified':
      return judgeClaims(policy, bearer, token.claims, headerDetail(token));
  }
}

function judgeClaims(policy: TokenPolicy, bearer: NamedBearer, claims: Claims, header: SafeDetail): Verdict {
  const refusal =
    checkTimes(claims, policy.clock.now(), policy.leewaySeconds) ??
    checkClaims(claims, policy.verifyClaims, bearer);
  if (refusal !== undefined) {
    return { outcome: 'deny', reason: refusal.reason, detail: { ...header, ...refusal.detail } };
  }
  const rules = rulesOf(claims, policy);
  if ('problem' in rules) {
    const detail = { ...header, claim: policy.aclClaim, problem: rules.problem };
    return { outcome: 'deny', reason: 'JWT_CLAIM_MISMATCH', detail };
  }
  const grant = grantOf(policy, bearer, claims, rules.rules);
  return { outcome: 'allow', grant, detail: { ...header, subject: grant.principal.subject } };
}

function rulesOf(
  claims: Claims,
  { aclClaim: claim, rules = DEFAULT_RULES }: Pick<TokenPolicy, 'aclClaim' | 'rules'>,
): { readonly rules: readonly AclRule[] } | { readonly problem: string } {
  if (claim === '' || !Object.hasOwn(claims, claim)) return { rules };
  const read = readAcl(claims[claim]);
  return read.rules === undefined ? { problem: read.problem } : { rules: read.rules };
}

const grantOf = (
  policy: TokenPolicy,
  bearer: NamedBearer,
  claims: Claims,
  rules: readonly AclRule[],
): Grant => ({
  principal: principalOf(policy.name, bearer, claims),
  superuser: policy.superuserClaim !== '' && claimOf(claims, policy.superuserClaim) === true,
  rules,
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: policy.disconnectAtExpiry ? expiryOf(claims, policy.leewaySeconds) : undefined,
  rehash: false,
  anonymous: false,
});

const claimOf = (claims: Claims, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : undefined;

/**
 * Whom the token names (`sub`, RFC 7519 section 4.1.2). Without one it is the name that the client gave itself, which
 * nothing has proved: it has a namespace of its own, so that it never owns the session of somebody whom a token named.
 */
function principalOf(name: string, { username, sessionId }: NamedBearer, claims: Claims): Principal {
  const subject = claimOf(claims, 'sub');
  if (typeof subject === 'string' && subject !== '' && subject.length <= SUBJECT_CHARS_MAX) {
    return { namespace: name, subject };
  }
  return username === undefined
    ? { namespace: `${name}:clientid`, subject: sessionId }
    : { namespace: `${name}:username`, subject: username };
}

function expiryOf(claims: Claims, leewaySeconds: number): number | undefined {
  const exp = numericDate(claims, 'exp');
  if (typeof exp !== 'number') return undefined;
  const at = Math.ceil((exp + leewaySeconds) * 1_000);
  return at <= EXPIRES_AT_MAX ? at : undefined;
}
