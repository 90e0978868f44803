import { randomFillSync } from 'node:crypto';

/** Crockford's base 32: no letter that is read as another when it is told over the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 12;
const POOL_BYTES = 4_096;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** An attempt reference: 12 characters, 60 random bits. */
export function createReference(): string {
  if (used + CHARACTERS > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (const byte of pool.subarray(used, used + CHARACTERS)) text += ALPHABET.charAt(byte & 0x1f);
  used += CHARACTERS;
  return text;
}
