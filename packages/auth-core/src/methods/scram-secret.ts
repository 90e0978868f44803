import type { MaybePromise } from '../needs.ts';
import { andThen } from '../maybe-promise.ts';
import { saslprep } from './scram-saslprep.ts';

/** The mechanisms there are, by their names in SASL, which are the names of MQTT's authentication methods. */
export const SCRAM_MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type ScramMechanism = (typeof SCRAM_MECHANISMS)[number];

export const isScramMechanism = (name: string): name is ScramMechanism =>
  SCRAM_MECHANISMS.some((one) => one === name);

export type ScramHash = 'sha256' | 'sha512';

export const SCRAM_HASHES: Readonly<Record<ScramMechanism, ScramHash>> = {
  'SCRAM-SHA-256': 'sha256',
  'SCRAM-SHA-512': 'sha512',
};

/** Bytes of a digest. */
export const SCRAM_HASH_BYTES: Readonly<Record<ScramHash, number>> = { sha256: 32, sha512: 64 };

/** Cryptography that SCRAM is made of; implemented by packages/hashing. */
export interface ScramCrypto {
  hmac(hash: ScramHash, key: Uint8Array, data: Uint8Array): Uint8Array;
  digest(hash: ScramHash, data: Uint8Array): Uint8Array;
  /** PBKDF2 over HMAC with the hash, as many bytes as it has: `Hi` of RFC 5802 §2.2. */
  pbkdf2(
    hash: ScramHash,
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
  ): MaybePromise<Uint8Array>;
  /** Equality in constant time; bytes of different lengths are different. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  randomBytes(length: number): Uint8Array;
}

/** What is stored of a password: enough to check a proof, not to make one (RFC 5802 §3). */
export interface ScramKeys {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Bounds of what is stored. RFC 7677 §4 asks for 4 096 iterations at least; each is work for the device. */
export const SCRAM_LIMITS = {
  iterationsMin: 4_096,
  iterationsMax: 1_000_000,
  saltBytesMin: 8,
  saltBytesMax: 64,
} as const;

/** Bytes of a nonce or a salt that are made here. */
export const SCRAM_RANDOM_BYTES = 18;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * The keys for a password; undefined when SASLprep forbids a character of it, or nothing is left of it.
 *
 * @example await deriveScramKeys(crypto, 'SCRAM-SHA-256', 'pencil', { salt, iterations: 4_096 })
 */
export function deriveScramKeys(
  crypto: ScramCrypto,
  mechanism: ScramMechanism,
  password: string,
  { salt, iterations }: Pick<ScramKeys, 'salt' | 'iterations'>,
): MaybePromise<ScramKeys | undefined> {
  const prepared = saslprep(password);
  if (prepared === undefined || prepared === '') return undefined;
  const hash = SCRAM_HASHES[mechanism];
  return andThen(crypto.pbkdf2(hash, utf8(prepared), salt, iterations), (salted) => ({
    salt,
    iterations,
    storedKey: crypto.digest(hash, crypto.hmac(hash, salted, utf8('Client Key'))),
    serverKey: crypto.hmac(hash, salted, utf8('Server Key')),
  }));
}

/** Why stored keys cannot be used, in words; undefined when they can. */
export function scramKeysProblem(keys: ScramKeys, mechanism: ScramMechanism): string | undefined {
  const { iterationsMin, iterationsMax, saltBytesMin, saltBytesMax } = SCRAM_LIMITS;
  const { salt, iterations, storedKey, serverKey } = keys;
  const bytes = SCRAM_HASH_BYTES[SCRAM_HASHES[mechanism]];
  if (!Number.isInteger(iterations) || iterations < iterationsMin || iterations > iterationsMax) {
    return `the iterations are not from ${iterationsMin} to ${iterationsMax}`;
  }
  if (salt.length < saltBytesMin || salt.length > saltBytesMax) {
    return `the salt has not from ${saltBytesMin} to ${saltBytesMax} bytes`;
  }
  if (storedKey.length !== bytes || serverKey.length !== bytes) return `a key has not ${bytes} bytes`;
  return undefined;
}

/** Whether the proof was made with the password (RFC 5802 §3): `H(proof XOR HMAC(StoredKey, m)) = StoredKey`. */
export function isProofRight(
  crypto: ScramCrypto,
  hash: ScramHash,
  { storedKey }: ScramKeys,
  { authMessage, proof }: { readonly authMessage: string; readonly proof: Uint8Array },
): boolean {
  const signature = crypto.hmac(hash, storedKey, utf8(authMessage));
  const clientKey = signature.map((byte, index) => byte ^ (proof[index] ?? 0));
  const isSameKey = crypto.equal(crypto.digest(hash, clientKey), storedKey);
  return isSameKey && proof.length === signature.length;
}

/** The proof that a client makes of its password, as SASLprep has it: `ClientKey XOR HMAC(StoredKey, m)`. */
export function proofOf(
  crypto: ScramCrypto,
  hash: ScramHash,
  password: Uint8Array,
  {
    salt,
    iterations,
    authMessage,
  }: Pick<ScramKeys, 'salt' | 'iterations'> & { readonly authMessage: string },
): MaybePromise<Uint8Array> {
  return andThen(crypto.pbkdf2(hash, password, salt, iterations), (salted) => {
    const clientKey = crypto.hmac(hash, salted, utf8('Client Key'));
    const signature = crypto.hmac(hash, crypto.digest(hash, clientKey), utf8(authMessage));
    return clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
  });
}

/** What proves to the client that the server knows its keys. */
export const serverSignature = (
  crypto: ScramCrypto,
  hash: ScramHash,
  { serverKey }: ScramKeys,
  authMessage: string,
): Uint8Array => crypto.hmac(hash, serverKey, utf8(authMessage));

/** Bytes that only this process can make, the same each time for the same text. */
export const derivedBytes = (
  crypto: ScramCrypto,
  hash: ScramHash,
  secret: Uint8Array,
  text: string,
): Uint8Array => crypto.hmac(hash, secret, utf8(text));
