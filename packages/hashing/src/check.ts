import { digestOf, equalBytes, pbkdf2 } from './digests.ts';
import type { LightForm } from './stored-form.ts';

const EMPTY = new Uint8Array();

/** Checks a password on the calling thread. */
export function checkLight(form: LightForm, password: Uint8Array): boolean {
  switch (form.kind) {
    case 'plain':
      // Digests have equal length, so that not even the length of a plain password shows.
      return equalBytes(digestOf('sha256', form.value), digestOf('sha256', password));
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
