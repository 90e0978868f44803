import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Secret } from '@gatehouse/auth-core';
import { algorithmsOf, isJwtAlgorithm, type JwtAlgorithm, RSA_BITS_MIN } from './jwt-algorithms.ts';

/** A key with the algorithms that it may verify. */
export interface VerificationKey {
  readonly key: KeyObject;
  readonly algorithms: readonly JwtAlgorithm[];
}

/** Keys, or why they cannot be read; the words never hold any of the text. */
export type KeyReading<T> = { readonly keys: T } | { readonly keys?: undefined; readonly problem: string };

/** Bytes below which a secret can be found by trying (RFC 7518, section 3.2, for HS256). */
export const SECRET_BYTES_MIN = 32;

const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

/** Reads the secret of HS256, HS384 and HS512. `weak` lets a short one pass. */
export function secretKey(
  secret: Secret<string>,
  { base64, weak }: { readonly base64: boolean; readonly weak: boolean },
): KeyReading<VerificationKey> {
  const text = secret.reveal();
  if (base64 && !BASE64.test(text.trim())) return { problem: 'a secret that is not base64' };
  const bytes = Buffer.from(base64 ? text.trim() : text, base64 ? 'base64' : 'utf8');
  if (bytes.length === 0) return { problem: 'an empty secret' };
  if (bytes.length < SECRET_BYTES_MIN && !weak) {
    return { problem: `a secret of ${bytes.length} bytes, of which one can be found by trying` };
  }
  const key = createSecretKey(bytes);
  return { keys: { key, algorithms: algorithmsOf(key) } };
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
/** Most keys in one text. */
const PEM_KEYS_MAX = 32;

/** Reads public keys or certificates in PEM. */
export function publicKeys(pem: string): KeyReading<readonly VerificationKey[]> {
  const blocks = [...pem.matchAll(PEM_BLOCK)];
  if (blocks.length === 0) return { problem: 'a text without PEM' };
  if (blocks.length > PEM_KEYS_MAX) return { problem: `more than ${PEM_KEYS_MAX} keys` };
  const keys: VerificationKey[] = [];
  for (const [block, label = ''] of blocks) {
    if (label.includes('PRIVATE')) {
      return { problem: 'a private key; only its public half belongs here' };
    }
    const key = read(() => createPublicKey(block));
    if (key === undefined) return { problem: `a PEM block (${label.toLowerCase()}) that cannot be read` };
    const algorithms = algorithmsOf(key);
    if (algorithms.length === 0) return { problem: unusable(key) };
    keys.push({ key, algorithms });
  }
  return { keys };
}

function read(make: () => KeyObject): KeyObject | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const unusable = (key: KeyObject): string =>
  key.asymmetricKeyType === 'rsa'
    ? `an RSA key of fewer than ${RSA_BITS_MIN} bits`
    : `a key of type ${key.asymmetricKeyType ?? key.type} that no algorithm here takes`;

/** Reads one member of a key set (RFC 7517); undefined when it is for something else or cannot be used. */
export function setKey(jwk: Readonly<Record<string, unknown>>): VerificationKey | undefined {
  const { use, key_ops: operations, alg, kty } = jwk;
  if (use !== undefined && use !== 'sig') return undefined;
  if (Array.isArray(operations) && !operations.includes('verify')) return undefined;
  // A secret that everybody may fetch is none.
  if (kty === 'oct') return undefined;
  const key = read(() => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }));
  if (key === undefined) return undefined;
  const algorithms = algorithmsOf(key).filter((one) => alg === undefined || alg === one);
  return algorithms.length === 0 ? undefined : { key, algorithms };
}

/** Those of the keys that verify this algorithm. */
export const keysFor = (keys: readonly VerificationKey[], alg: string): readonly VerificationKey[] =>
  isJwtAlgorithm(alg) ? keys.filter(({ algorithms }) => algorithms.includes(alg)) : [];
