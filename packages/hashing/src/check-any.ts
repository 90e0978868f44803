import { scryptSync } from 'node:crypto';
import { verifySync as verifyArgon2 } from '@node-rs/argon2';
import { verifySync as verifyBcrypt } from '@node-rs/bcrypt';
import { checkLight } from './check.ts';
import { equalBytes } from './digests.ts';
import { formByRule, type HashRule, type RuleProblem } from './hash-rule.ts';
import { scryptMemoryBytes, type StoredForm } from './stored-form.ts';

/** OpenSSL counts a little more than the table of N blocks. */
const SCRYPT_HEADROOM_BYTES = 1_048_576;

/** Checks a password against any form, synchronously: for the workers, and for tools that may block. */
export function checkAny(form: StoredForm, password: Uint8Array): boolean {
  switch (form.kind) {
    case 'argon2':
      return verifyArgon2(form.encoded, password);
    case 'bcrypt':
      return verifyBcrypt(password, form.encoded);
    case 'scrypt': {
      const maxmem = scryptMemoryBytes(form) * 2 + SCRYPT_HEADROOM_BYTES;
      const options = { N: 2 ** form.logN, r: form.blockSize, p: form.parallelism, maxmem };
      return equalBytes(scryptSync(password, form.salt, form.digest.length, options), form.digest);
    }
    default:
      return checkLight(form, password);
  }
}

/**
 * Checks what a source returned under its rule, on the calling thread: for a settings page's "test this query" and
 * for tools. A connector takes `storedHashByRule` and the verifier instead.
 */
export function verifyByRule(
  rule: HashRule,
  password: Uint8Array,
  stored: string,
  salt: string | null,
): 'match' | 'mismatch' | RuleProblem {
  const form = formByRule(rule, stored, salt);
  if (typeof form === 'string') return form;
  return checkAny(form, password) ? 'match' : 'mismatch';
}
