import { networkOf, type ReasonCode } from '@gatehouse/auth-core';
import type { UnauthorizedClientDetail } from '@gatehouse/ports';

/** From so many different secrets, or usernames, on it looks like guessing rather than a device with old settings. */
const GUESSING_SECRETS_MIN = 4;
const GUESSING_USERNAMES_MIN = 4;
/** Reasons that guesses end in; a token that is new each time is none. */
export const ABOUT_GUESSES: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'BASIC_NO_CREDENTIALS',
  'BASIC_PASSWORD_MISMATCH',
  'TOO_MANY_FAILURES',
  'CHAIN_EXHAUSTED',
]);

/** What was tried under one key and got nobody in; lower bounds. */
export interface Guesses {
  readonly usernames: number;
  readonly secrets: number;
  readonly secretsCapped: boolean;
  /** Where most of it comes from. */
  readonly from: { readonly ip: string; readonly cidr: string };
}

export const guessesOf = ({ evidence, signatures, ip, ips }: UnauthorizedClientDetail): Guesses => {
  const open = signatures.filter(({ resolved }) => !resolved);
  const usernames = new Set(open.flatMap(({ username }) => (username === null ? [] : [username])));
  const attempts = new Map<string, number>();
  for (const one of open) attempts.set(one.network, (attempts.get(one.network) ?? 0) + one.attempts);
  const [cidr = networkOf(ip)] = [...attempts].toSorted(([, a], [, b]) => b - a).map(([network]) => network);
  return {
    usernames: usernames.size,
    secrets: evidence.distinctSecrets,
    secretsCapped: evidence.distinctSecretsCapped,
    from: { ip: [ip, ...ips].find((one) => networkOf(one) === cidr) ?? '', cidr },
  };
};

export const isGuessing = (row: UnauthorizedClientDetail): boolean => {
  const { usernames, secrets } = guessesOf(row);
  return secrets >= GUESSING_SECRETS_MIN || usernames >= GUESSING_USERNAMES_MIN;
};

/** Somebody who should rather be kept out than helped in; one of those secrets may be a device's own, and then not. */
export const isGuesser = (row: UnauthorizedClientDetail): boolean =>
  ABOUT_GUESSES.has(row.reason) && row.evidence.mismatchHints.length === 0 && isGuessing(row);
