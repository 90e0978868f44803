import type { SlowedGuesserDto } from '@gatehouse/contract';

/** A guesser in one line, for labels: its name and where it comes from. */
export const nameOf = ({ ip, identity, network }: SlowedGuesserDto): string =>
  [identity?.value, ip ?? network].filter((part) => typeof part === 'string').join(' @ ');

/** The guesser as the API takes it back: without what it was doing. */
export const guesserOf = ({ kind, ip, identity, network }: SlowedGuesserDto) => ({
  kind,
  ip,
  identity,
  network,
});
