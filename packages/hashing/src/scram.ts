import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { SCRAM_HASH_BYTES, type ScramCrypto } from '@gatehouse/auth-core';

const pbkdf2Async = promisify(pbkdf2);

/**
 * SCRAM's cryptography from Node's. PBKDF2 is for making credentials, which people do one at a time; checking a proof
 * takes two HMACs and a digest.
 */
export const scramCrypto: ScramCrypto = {
  hmac: (hash, key, data) => createHmac(hash, key).update(data).digest(),
  digest: (hash, data) => createHash(hash).update(data).digest(),
  pbkdf2: (hash, password, salt, iterations) =>
    pbkdf2Async(password, salt, iterations, SCRAM_HASH_BYTES[hash], hash),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  randomBytes: (length) => randomBytes(length),
};
