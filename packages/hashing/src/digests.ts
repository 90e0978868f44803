import { hash, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { pbkdf2Md4 } from './md4.ts';

/** Digests of the simple forms, by EMQX's names (`sha` is SHA-1), with their length in bytes. */
export const DIGEST_BYTES = { md5: 16, sha: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;
export type DigestName = keyof typeof DIGEST_BYTES;

/** What PBKDF2 may be run over: EMQX's eight macfuns. */
export const MACFUN_BYTES = { md4: 16, ripemd160: 20, ...DIGEST_BYTES } as const;
export type Macfun = keyof typeof MACFUN_BYTES;

export const isDigestName = (name: string): name is DigestName => Object.hasOwn(DIGEST_BYTES, name);
export const isMacfun = (name: string): name is Macfun => Object.hasOwn(MACFUN_BYTES, name);

const opensslName = (name: Macfun): string => (name === 'sha' ? 'sha1' : name);

/** The digest of the parts, one after the other with nothing between: one call, without an object for it. */
export const digestOf = (name: DigestName, ...parts: readonly Uint8Array[]): Uint8Array =>
  hash(opensslName(name), Buffer.concat(parts), 'buffer');

/** PBKDF2, synchronously on the calling thread. */
export function pbkdf2(
  macfun: Macfun,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  derivedBytes: number,
): Uint8Array {
  return macfun === 'md4'
    ? pbkdf2Md4(password, salt, iterations, derivedBytes)
    : pbkdf2Sync(password, salt, iterations, derivedBytes, opensslName(macfun));
}

/** Equality in constant time; the length (never a secret here) decides at once. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
