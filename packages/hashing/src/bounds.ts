import { HASHING_LIMITS } from './limits.ts';
import { pbkdf2Rounds, scryptMemoryBytes, type InvalidHash, type StoredForm } from './stored-form.ts';

type Bound = readonly [what: string, value: number, max: number];

function boundsOf(form: StoredForm): readonly Bound[] {
  const limits = HASHING_LIMITS;
  switch (form.kind) {
    case 'plain':
      return [];
    case 'digest':
      return [['salt bytes', form.salt.length, limits.saltBytesMax]];
    case 'pbkdf2':
      return [
        ['salt bytes', form.salt.length, limits.saltBytesMax],
        ['pbkdf2 output bytes', form.digest.length, limits.pbkdf2DerivedBytesMax],
        [
          'pbkdf2 iterations',
          pbkdf2Rounds(form),
          form.macfun === 'md4' ? limits.pbkdf2Md4RoundsMax : limits.pbkdf2RoundsMax,
        ],
      ];
    case 'bcrypt':
      return [['bcrypt cost', form.cost, limits.bcryptCostMax]];
    case 'scrypt':
      return [
        ['salt bytes', form.salt.length, limits.saltBytesMax],
        ['scrypt memory in bytes', scryptMemoryBytes(form), limits.scryptMemoryBytesMax],
        [
          'scrypt memory times parallelism in bytes',
          scryptMemoryBytes(form) * form.parallelism,
          limits.scryptWorkBytesMax,
        ],
      ];
    case 'argon2':
      return [
        ['argon2 memory in KiB', form.memoryKiB, limits.argon2MemoryKiBMax],
        ['argon2 memory times passes in KiB', form.memoryKiB * form.passes, limits.argon2WorkKiBMax],
        ['argon2 lanes', form.lanes, limits.argon2LanesMax],
      ];
  }
}

/** The form itself, or which bound of {@link HASHING_LIMITS} it exceeds. */
export function withinBounds(form: StoredForm): StoredForm | InvalidHash {
  const over = boundsOf(form).find(([, value, max]) => value > max);
  return over === undefined ? form : { invalid: `${over[0]}: ${over[1]} is above the accepted ${over[2]}` };
}
