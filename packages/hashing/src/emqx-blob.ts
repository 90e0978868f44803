import { randomBytes } from 'node:crypto';
import { DIGEST_BYTES, digestOf, type DigestName } from './digests.ts';
import { fromHex } from './encodings.ts';
import { formatSalted } from './modular-form.ts';
import type { InvalidHash } from './stored-form.ts';

const BLOB_SALT_BYTES = 4;

/** Shorter than the salt of our own secrets, so that the next good login replaces the hash (`needsRehash`). */
const IMPORTED_SALT_BYTES = 8;

/**
 * Turns a password blob of EMQX 4.3's built-in database (`emqx_auth_mnesia`) into a stored hash: four raw salt bytes
 * and the hex digest of salt and password; without salt when the blob is as long as the hex alone. A `plain` blob
 * holds the password itself, which is hashed here rather than kept.
 */
export function storedHashFromEmqxBlob(
  blob: Uint8Array,
  algorithm: DigestName | 'plain',
): { readonly hash: string } | InvalidHash {
  const salt = blob.subarray(0, BLOB_SALT_BYTES);
  const body = blob.subarray(BLOB_SALT_BYTES);
  if (algorithm === 'plain') return fromPlain(salt, body);

  const hexLength = DIGEST_BYTES[algorithm] * 2;
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  if (blob.length === hexLength) {
    return fromHex(text(blob)) === undefined ? NOT_A_BLOB : { hash: `${algorithm}:${text(blob)}` };
  }
  const digest = body.length === hexLength ? fromHex(text(body)) : undefined;
  return digest === undefined ? NOT_A_BLOB : { hash: formatSalted(algorithm, salt, digest) };
}

const NOT_A_BLOB: InvalidHash = {
  invalid: 'not a password blob: four salt bytes and a hex digest of the configured length',
};

function fromPlain(salt: Uint8Array, body: Uint8Array): { readonly hash: string } | InvalidHash {
  const repeated = body.subarray(0, BLOB_SALT_BYTES);
  const password = body.subarray(BLOB_SALT_BYTES);
  if (password.length === 0 || !Buffer.from(salt).equals(repeated)) {
    return { invalid: 'not a plain blob: four salt bytes, the same again, and a password' };
  }
  const ownSalt = randomBytes(IMPORTED_SALT_BYTES);
  return { hash: formatSalted('sha256', ownSalt, digestOf('sha256', ownSalt, password)) };
}
