import { createHash } from 'node:crypto';
import { digestOf, equalBytes, pbkdf2 } from './digests.ts';
import type { LightForm } from './stored-form.ts';

const EMPTY = new Uint8Array();
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Checks a password on the calling thread. */
export function checkLight(form: LightForm, password: Uint8Array): boolean {
  switch (form.kind) {
    case 'plain':
      // Digests have equal length, so that not even the length of a plain password shows.
      return equalBytes(sha256(form.value), sha256(password));
    case 'digest': {
      const before = form.position === 'prefix' ? form.salt : EMPTY;
      const after = form.position === 'suffix' ? form.salt : EMPTY;
      return equalBytes(digestOf(form.algorithm, before, password, after), form.digest);
    }
    case 'pbkdf2':
      return equalBytes(
        pbkdf2(form.macfun, password, form.salt, form.iterations, form.digest.length),
        form.digest,
      );
  }
}
