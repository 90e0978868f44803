import { randomBytes } from 'node:crypto';
import type { Secret } from '@gatehouse/auth-core';
import type { HashedSecret, PasswordHasher } from '@gatehouse/ports';
import { checkLight } from './check.ts';
import { argon2Cost, costOf } from './cost.ts';
import { digestOf } from './digests.ts';
import { utf8 } from './encodings.ts';
import type { HashPool } from './hash-pool.ts';
import { HashWorkerError, HashingBusyError } from './jobs.ts';
import { ARGON2ID_DEFAULT } from './limits.ts';
import { formatSalted } from './modular-form.ts';
import { createScramCrypto, hashForScram } from './scram.ts';
import { OWN_SALT_BYTES, formatName, isInvalid, needsRehash, type StoredForm } from './stored-form.ts';
import { parseStoredHash } from './stored-hash.ts';

/** Entropy of generated device secrets: 192 bits, 32 characters of URL-safe text. */
const GENERATED_BYTES = 24;

/** What an unknown user's password is checked against, at the cost of a known one's. Nothing hashes to zeros. */
const { memoryKiB, passes, lanes } = ARGON2ID_DEFAULT;
const DUMMY: StoredForm = {
  kind: 'argon2',
  variant: 'argon2id',
  encoded: `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  ...ARGON2ID_DEFAULT,
};

/** Stores a generated secret of at least 128 bits: salted SHA-256, `$sha256-salted$salt$digest`. */
export function hashGenerated(secret: Uint8Array): HashedSecret {
  const salt = randomBytes(OWN_SALT_BYTES);
  return { hash: formatSalted('sha256', salt, digestOf('sha256', salt, secret)), format: 'sha256-salted' };
}

/** Makes hashes and checks people's passwords; slow work runs on the pool's people lane. */
export function createHasher(pool: HashPool): PasswordHasher {
  const check = async (form: StoredForm, password: Uint8Array): Promise<boolean | 'busy'> => {
    if (form.kind === 'plain' || form.kind === 'digest') return checkLight(form, password);
    const running = pool.run({ kind: 'check', form, password }, costOf(form), 'people');
    if (running === 'busy') return 'busy';
    const result = await running;
    return result.kind === 'check' && result.match;
  };

  const scram = createScramCrypto(pool);
  return {
    hashScram: (password, iterations, like) => hashForScram(scram, password, iterations, like),

    generate() {
      // One that began with "-" would be taken for an option by the commands it is pasted into.
      const secret = randomBytes(GENERATED_BYTES).toString('base64url').replace(/^-/, 'A');
      return { secret, ...hashGenerated(utf8(secret)) };
    },

    /** Rejects with `HashingBusyError` when too many wait, with `HashWorkerError` when the worker fails. */
    async hashChosen(password: Secret<string>) {
      const job = { kind: 'argon2id', password: utf8(password.reveal()) } as const;
      const running = pool.run(job, argon2Cost(ARGON2ID_DEFAULT), 'people');
      if (running === 'busy') throw new HashingBusyError('too many passwords are waiting to be hashed');
      const result = await running;
      if (result.kind !== 'argon2id') throw new HashWorkerError('the worker answered another job');
      return { hash: result.encoded, format: 'argon2id' };
    },

    async verifyPerson(hash: string | null, password: Secret<string>) {
      const parsed = hash === null ? undefined : parseStoredHash(hash);
      const form = parsed === undefined || isInvalid(parsed) ? undefined : parsed;
      const matched = await check(form ?? DUMMY, utf8(password.reveal()));
      if (matched === 'busy') return 'busy';
      return form !== undefined && matched
        ? { ok: true, needsRehash: needsRehash(form) }
        : { ok: false, needsRehash: false };
    },

    describe(hash: string) {
      const form = parseStoredHash(hash);
      return isInvalid(form) ? form : { format: formatName(form) };
    },
  };
}
