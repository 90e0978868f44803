import { parseCidr, type ReasonCode } from '@gatehouse/auth-core';
import type {
  SetFilter,
  UnauthorizedClientDetail,
  UnauthorizedFilter,
  UnauthorizedGroupBy,
  UnauthorizedRepository,
} from '@gatehouse/ports';
import { ABOUT_GUESSES, guessesOf, isGuesser } from './causes/guesses.ts';

/** Rows that are looked into; who guesses makes more attempts than a device that retries. */
const LOOKED_INTO_MAX = 20;

/** What somebody who probably guesses has tried from one network; lower bounds. */
export interface GuessingNetwork {
  readonly network: string;
  readonly clients: number;
  readonly usernames: number;
  readonly secrets: number;
  readonly attempts: number;
  readonly lastAt: number;
}

/** Reasons that guesses end in, as far as a filter lets them through. */
const guessedReasons = ({ include, exclude = [] }: SetFilter<ReasonCode> = {}): readonly ReasonCode[] =>
  [...ABOUT_GUESSES].filter(
    (reason) => (include === undefined || include.includes(reason)) && !exclude.includes(reason),
  );

/** Who probably guesses secrets among the rows of a filter that are still refused, the most attempts first. */
export const guessersAmong = async (
  unauthorized: Pick<UnauthorizedRepository, 'page' | 'get'>,
  filter: UnauthorizedFilter,
): Promise<readonly UnauthorizedClientDetail[]> => {
  const include = guessedReasons(filter.reason);
  if (include.length === 0) return [];
  const { items } = await unauthorized.page(
    { ...filter, reason: { include } },
    { limit: LOOKED_INTO_MAX, sort: { field: 'attempts', direction: 'desc' } },
  );
  const open = items.filter(({ state }) => state === 'open');
  const rows = await Promise.all(open.map(async ({ id }) => unauthorized.get(id)));
  return rows.filter((row) => row !== null).filter(isGuesser);
};

/** The networks that they come from, the most attempts first. */
export const networksOf = (guessers: readonly UnauthorizedClientDetail[]): readonly GuessingNetwork[] => {
  const found = new Map<string, readonly UnauthorizedClientDetail[]>();
  for (const row of guessers) {
    const { cidr } = guessesOf(row).from;
    found.set(cidr, [...(found.get(cidr) ?? []), row]);
  }
  return [...found]
    .map(([network, rows]): GuessingNetwork => {
      const tried = rows.flatMap(({ signatures }) => signatures.filter((one) => one.network === network));
      const usernames = tried.flatMap(({ username }) => (username === null ? [] : [username]));
      return {
        network,
        clients: rows.length,
        usernames: new Set(usernames).size,
        secrets: rows.reduce((sum, row) => sum + guessesOf(row).secrets, 0),
        attempts: tried.reduce((sum, { attempts }) => sum + attempts, 0),
        lastAt: Math.max(...tried.map(({ lastAt }) => lastAt), 0),
      };
    })
    .toSorted((a, b) => b.attempts - a.attempts);
};

/** Refusals of one kind that began within so long are one incident, as the store groups them. */
export const INCIDENT_MS = 600_000;

const incidentOf = ({ reason, firstAttemptAt }: UnauthorizedClientDetail): string =>
  `${reason} ${String(firstAttemptAt - (firstAttemptAt % INCIDENT_MS))}`;

/** One spelling for a network: lists of addresses and histories write those of IPv6 apart. */
const spelt = (network: string): string => {
  const cidr = parseCidr(network);
  return cidr === undefined ? network : `${String(cidr.addressBytes)} ${cidr.prefix}`;
};

/** Says of a group's value from which network somebody in it probably guesses; null: nobody seems to, or it is no such group. */
export const guessingIn = async (
  unauthorized: Pick<UnauthorizedRepository, 'page' | 'get'>,
  filter: UnauthorizedFilter,
  by: UnauthorizedGroupBy,
): Promise<(value: string) => string | null> => {
  if (by !== 'network' && by !== 'incident') return () => null;
  const guessers = await guessersAmong(unauthorized, filter);
  if (by === 'network') {
    const networks = new Set(guessers.map((row) => spelt(guessesOf(row).from.cidr)));
    return (value) => (networks.has(spelt(value)) ? value : null);
  }
  // The one with the most attempts has the say.
  const incidents = new Map(
    guessers.map((row): [string, string] => [incidentOf(row), guessesOf(row).from.cidr]).toReversed(),
  );
  return (value) => incidents.get(value) ?? null;
};
