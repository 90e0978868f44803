import type { InvalidHash, StoredForm } from './stored-form.ts';

const BCRYPT = /^\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}$/;

/** Reads a 60-character bcrypt string. */
export function parseBcrypt(text: string): Extract<StoredForm, { kind: 'bcrypt' }> | InvalidHash {
  const cost = BCRYPT.exec(text)?.[1];
  if (cost === undefined)
    return { invalid: 'not a bcrypt hash: $2a$, $2b$ or $2y$, a cost and 53 characters' };
  return { kind: 'bcrypt', encoded: text, cost: Number(cost) };
}
