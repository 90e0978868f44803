import { ARGON2ID_DEFAULT, HASHING_LIMITS } from './limits.ts';
import { MACFUN_BYTES, type DigestName, type Macfun } from './digests.ts';

export type SaltPosition = 'none' | 'prefix' | 'suffix';

/** A stored hash, parsed: everything that checking a password against it needs. */
export type StoredForm =
  | { readonly kind: 'plain'; readonly value: Uint8Array }
  | {
      readonly kind: 'digest';
      readonly algorithm: DigestName;
      readonly position: SaltPosition;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | {
      readonly kind: 'pbkdf2';
      readonly macfun: Macfun;
      readonly iterations: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | { readonly kind: 'bcrypt'; readonly encoded: string; readonly cost: number }
  | {
      readonly kind: 'scrypt';
      /** N is 2 to this power. */
      readonly logN: number;
      readonly blockSize: number;
      readonly parallelism: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | {
      readonly kind: 'argon2';
      readonly variant: 'argon2id' | 'argon2i' | 'argon2d';
      readonly encoded: string;
      readonly memoryKiB: number;
      readonly passes: number;
      readonly lanes: number;
    };

/** A text in no form that is understood; says why in words that never repeat the text. */
export interface InvalidHash {
  readonly invalid: string;
}

export const isInvalid = (value: object): value is InvalidHash => 'invalid' in value;

/** Salts of our own secrets are this long; imported ones are shorter, by which they are told apart. */
export const OWN_SALT_BYTES = 16;

/** Iterations times output blocks: what PBKDF2's time is proportional to. */
export const pbkdf2Rounds = (form: Extract<StoredForm, { kind: 'pbkdf2' }>): number =>
  form.iterations * Math.ceil(form.digest.length / MACFUN_BYTES[form.macfun]);

export const scryptMemoryBytes = (form: Extract<StoredForm, { kind: 'scrypt' }>): number =>
  128 * 2 ** form.logN * form.blockSize;

/** Names the form: `argon2id`, `sha256-salted`, `bcrypt`, `pbkdf2-sha256`, … */
export function formatName(form: StoredForm): string {
  switch (form.kind) {
    case 'digest':
      return form.position === 'none' ? form.algorithm : `${form.algorithm}-salted`;
    case 'pbkdf2':
      return `pbkdf2-${form.macfun}`;
    case 'argon2':
      return form.variant;
    default:
      return form.kind;
  }
}

/** Forms that need nothing but `node:crypto`'s digests. */
export type LightForm = Extract<StoredForm, { kind: 'plain' | 'digest' | 'pbkdf2' }>;

/** Cheap enough for the calling thread; all else belongs to the workers. */
export function isLight(form: StoredForm): form is LightForm {
  if (form.kind === 'pbkdf2') {
    return form.macfun !== 'md4' && pbkdf2Rounds(form) <= HASHING_LIMITS.pbkdf2InlineRoundsMax;
  }
  return form.kind === 'plain' || form.kind === 'digest';
}

/** What today's hashes for chosen passwords should not be weaker than. */
const FLOOR = { bcryptCost: 10, pbkdf2Iterations: 210_000, scryptLogN: 15 } as const;

/** Whether the next good login should replace it by a hash of today's default. */
export function needsRehash(form: StoredForm): boolean {
  switch (form.kind) {
    case 'plain':
      return true;
    case 'digest':
      // Own generated secrets: 128 bits or more need no slow hash.
      return !(
        form.algorithm === 'sha256' &&
        form.position === 'prefix' &&
        form.salt.length >= OWN_SALT_BYTES
      );
    case 'pbkdf2':
      return form.iterations < FLOOR.pbkdf2Iterations || MACFUN_BYTES[form.macfun] < MACFUN_BYTES.sha256;
    case 'bcrypt':
      return form.cost < FLOOR.bcryptCost;
    case 'scrypt':
      return form.logN < FLOOR.scryptLogN;
    case 'argon2':
      return (
        form.variant !== 'argon2id' ||
        form.memoryKiB < ARGON2ID_DEFAULT.memoryKiB ||
        form.passes < ARGON2ID_DEFAULT.passes
      );
  }
}
