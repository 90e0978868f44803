import type { KeyObject } from 'node:crypto';

/** The algorithms that tokens may be signed with (RFC 7518 section 3.1, RFC 8037); `none` is none. */
export const JWT_ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

export const isJwtAlgorithm = (name: string): name is JwtAlgorithm =>
  (JWT_ALGORITHMS as readonly string[]).includes(name);

const HMAC: readonly JwtAlgorithm[] = ['HS256', 'HS384', 'HS512'];
const RSA: readonly JwtAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
/** RFC 7518, section 3.4: each algorithm has its curve. */
const BY_CURVE: Readonly<Record<string, readonly JwtAlgorithm[]>> = {
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
};

/** RFC 7518, section 3.3: shorter RSA keys must not be used. */
export const RSA_BITS_MIN = 2_048;

/**
 * The algorithms that a key can verify: the key says it, never the token, so that a public key is never taken for the
 * secret of an HMAC. Empty when it can verify none.
 */
export function algorithmsOf(key: KeyObject): readonly JwtAlgorithm[] {
  if (key.type === 'secret') return HMAC;
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return modulusLength >= RSA_BITS_MIN ? RSA : [];
    case 'ec':
      return BY_CURVE[namedCurve] ?? [];
    case 'ed25519':
      return ['EdDSA'];
    default:
      return [];
  }
}
