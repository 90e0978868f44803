import type { Clock, TokenVerification, TokenVerifier } from '@gatehouse/auth-core';
import { compactVerify, errors } from 'jose';
import type { Jwks } from './jwks.ts';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './jwt-algorithms.ts';
import { keysFor, type VerificationKey } from './jwt-keys.ts';
import { TokenMemory } from './jwt-memory.ts';
import { parseClaims, type ParsedToken, parseToken, shownKid } from './jwt-parse.ts';

export interface TokenVerifierOptions {
  /** Keys of the settings, in the order in which they are tried: the secret before the public keys. */
  readonly keys: readonly VerificationKey[];
  /** Keys behind a URL; asked for tokens that name a key. */
  readonly jwks: Jwks | undefined;
  /** Algorithms that tokens may have; empty: every one that a key fits. */
  readonly algorithms: readonly JwtAlgorithm[];
  readonly clock: Pick<Clock, 'now'>;
}

type Parsed = Exclude<TokenVerification, { result: 'verified' | 'signature-invalid' }> | ParsedToken;

/** Which keys a token is tried with, or that there are none. */
type Candidates =
  | { readonly keys: readonly VerificationKey[]; readonly missed: string | undefined }
  | { readonly keys?: undefined; readonly verdict: TokenVerification }
  | 'perhaps';

/**
 * Verifies tokens by the rules of EMQX 4.3 (reference/emqx.md §1.9): a token that names a key is tried with the keys of
 * that name in the set, any other with the keys of the settings. The key, never the token, says which algorithm fits.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const memory = new TokenMemory(options.clock);
  const generation = (): number => options.jwks?.generation ?? 0;
  return {
    peek(token) {
      const parsed = parsedOf(options, token);
      if ('result' in parsed) return parsed;
      const known = memory.get(token, generation());
      if (known !== undefined) return known;
      const candidates = candidatesOf(options, parsed, false);
      return candidates === 'perhaps' || candidates.keys !== undefined ? undefined : candidates.verdict;
    },
    async verify(token) {
      const parsed = parsedOf(options, token);
      if ('result' in parsed) return parsed;
      let candidates = candidatesOf(options, parsed, false);
      if (candidates === 'perhaps') {
        await options.jwks?.refresh();
        candidates = candidatesOf(options, parsed, true);
      }
      if (candidates === 'perhaps') return noKey(parsed, 'the key set has no key of this name');
      if (candidates.keys === undefined) return candidates.verdict;
      const under = generation();
      const verification = await tryAll(token, parsed, candidates.keys);
      if (verification.result === 'signature-invalid' && candidates.missed !== undefined) {
        return { result: 'keys-unavailable', problem: candidates.missed };
      }
      const exp = verification.result === 'verified' ? verification.claims['exp'] : undefined;
      memory.set(token, verification, exp, under);
      return verification;
    },
  };
}

function parsedOf({ algorithms }: TokenVerifierOptions, token: string): Parsed {
  const parsed = parseToken(token);
  if (typeof parsed === 'string') return { result: 'malformed', problem: parsed };
  const allowed: readonly string[] = algorithms.length === 0 ? JWT_ALGORITHMS : algorithms;
  return allowed.includes(parsed.alg)
    ? parsed
    : { result: 'algorithm-not-allowed', alg: parsed.alg, allowed };
}

const noKey = ({ alg, kid }: ParsedToken, problem: string): TokenVerification => ({
  result: 'no-key',
  alg,
  kid: shownKid(kid),
  problem,
});

/** `last`: the set was fetched just now, nothing more is to be waited for. */
function candidatesOf({ keys, jwks }: TokenVerifierOptions, parsed: ParsedToken, last: boolean): Candidates {
  const fixed = keysFor(keys, parsed.alg);
  if (jwks === undefined || parsed.kid === undefined) {
    if (fixed.length > 0) return { keys: fixed, missed: undefined };
    const problem =
      jwks === undefined
        ? 'no key of the settings is for this algorithm'
        : 'the token names no key (kid), and no key of the settings is for its algorithm';
    return { verdict: noKey(parsed, problem) };
  }
  const named = jwks.find(parsed.kid, last);
  switch (named.found) {
    case 'perhaps':
      return 'perhaps';
    case 'none':
      return { verdict: noKey(parsed, 'the key set has no key of this name') };
    case 'unavailable':
      return fixed.length > 0
        ? { keys: fixed, missed: named.problem }
        : { verdict: { result: 'keys-unavailable', problem: named.problem } };
    default: {
      const fitting = keysFor(named.found, parsed.alg);
      return fitting.length > 0
        ? { keys: fitting, missed: undefined }
        : { verdict: noKey(parsed, 'the key of this name is not for this algorithm') };
    }
  }
}

/** Tries one key after the other; the first that made the signature settles it. */
async function tryAll(
  token: string,
  { alg, kid }: ParsedToken,
  keys: readonly VerificationKey[],
): Promise<TokenVerification> {
  const header = { alg, kid: shownKid(kid) };
  for (const { key } of keys) {
    const payload = await payloadOf(token, key, alg);
    if (payload === undefined) continue;
    const claims = parseClaims(payload);
    return claims === undefined
      ? { result: 'malformed', problem: 'its payload is no JSON object' }
      : { result: 'verified', claims, ...header };
  }
  return { result: 'signature-invalid', keysTried: keys.length, ...header };
}

/** The payload if this key made the signature; undefined if not. */
async function payloadOf(
  token: string,
  key: VerificationKey['key'],
  alg: string,
): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(token, key, { algorithms: [alg] })).payload;
  } catch (error) {
    // Whatever else is wrong with it, this key has not verified it; only a mistake of ours is not jose's own error.
    if (error instanceof errors.JOSEError) return undefined;
    if (error instanceof Error && error.name === 'OperationError') return undefined;
    throw error;
  }
}
