import type { UnauthorizedClientDetail } from '@gatehouse/ports';
import { guessesOf, isGuesser } from './causes/guesses.ts';
import { howToFix } from './causes/unread-proof.ts';
import type { Circumstances } from './circumstances.ts';

/** What to do about a refusal, in words: about this very case where it is not what its reason usually is. */
export const advise = (row: UnauthorizedClientDetail, { near }: Pick<Circumstances, 'near'>): string => {
  if (isGuesser(row)) {
    const { cidr } = guessesOf(row).from;
    return `Nothing has to be mended for somebody who guesses: block where it comes from (${cidr}), unless you know who it is.`;
  }
  if (near === null) return howToFix(row);
  const name = near.differs === 'clientId' ? 'client ID' : 'username';
  return `Correct the ${name} of the credential, or let the device send the one that it expects. A second credential is for a second device.`;
};
