import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import {
  deriveScramKeys,
  readScramKeys,
  type ScramCrypto,
  SCRAM_HASH_BYTES,
  SCRAM_MECHANISMS,
  SCRAM_RANDOM_BYTES,
  type ScramKeys,
  type ScramMechanism,
  type Secret,
  writeScramKeys,
} from '@gatehouse/auth-core';
import type { HashedSecret } from '@gatehouse/ports';
import { pbkdf2Cost } from './cost.ts';
import type { HashPool } from './hash-pool.ts';
import { HashingBusyError, HashWorkerError } from './jobs.ts';

const pbkdf2Async = promisify(pbkdf2);

/** SCRAM's cryptography from Node's, without workers: PBKDF2 takes libuv's pool. For tests; a server has {@link createScramCrypto}. */
export const scramCrypto: ScramCrypto = {
  hmac: (hash, key, data) => createHmac(hash, key).update(data).digest(),
  digest: (hash, data) => createHash(hash).update(data).digest(),
  pbkdf2: (hash, password, salt, iterations) =>
    pbkdf2Async(password, salt, iterations, SCRAM_HASH_BYTES[hash], hash),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  randomBytes: (length) => randomBytes(length),
};

/**
 * The same, with PBKDF2 on the hash workers: it is for making credentials and for dry runs, which people do one at a
 * time; checking a proof takes two HMACs and a digest. Rejects with `HashingBusyError` when too many wait, with
 * `HashWorkerError` when the worker fails.
 */
export const createScramCrypto = (pool: HashPool): ScramCrypto => ({
  ...scramCrypto,
  pbkdf2: async (hash, password, salt, iterations) => {
    const job = { kind: 'pbkdf2', password, hash, salt, iterations } as const;
    const running = pool.run(job, pbkdf2Cost(hash, iterations), 'people');
    if (running === 'busy') throw new HashingBusyError('too many passwords are waiting to be hashed');
    const result = await running;
    if (result.kind !== 'pbkdf2') throw new HashWorkerError('the worker answered another job');
    return result.derived;
  },
});

/** The keys of a password for every mechanism, each with a salt of its own, as they are stored. */
export async function hashForScram(
  crypto: ScramCrypto,
  password: Secret<string>,
  iterations: number,
  like?: string,
): Promise<HashedSecret | { readonly invalid: string }> {
  const before = like === undefined ? {} : readScramKeys(like);
  const keys: Partial<Record<ScramMechanism, ScramKeys>> = {};
  for (const mechanism of SCRAM_MECHANISMS) {
    const old = 'unparsable' in before ? undefined : before[mechanism];
    const salt = old?.iterations === iterations ? old.salt : crypto.randomBytes(SCRAM_RANDOM_BYTES);
    const made = await deriveScramKeys(crypto, mechanism, password.reveal(), { salt, iterations });
    if (made === undefined) {
      return { invalid: 'holds characters that SASLprep forbids (RFC 4013), or nothing else' };
    }
    keys[mechanism] = made;
  }
  return { hash: writeScramKeys(keys), format: 'scram' };
}
