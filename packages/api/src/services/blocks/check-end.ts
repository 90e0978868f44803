import { invalidField } from '../../problem.ts';

/** When a block ends, milliseconds since the epoch or null for never; a time that has passed is a mistake. */
export const checkEnd = (expiresAt: number | null, now: number): number | null => {
  if (expiresAt !== null && expiresAt <= now) {
    throw invalidField('expiresAt', 'must be in the future; remove the block to end it now');
  }
  return expiresAt;
};
