import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { Clock, GuessedIdentity, GuessingBudget } from '../needs.ts';
import { parseAddress } from '../network/address.ts';
import { type Cidr, inCidr, networkOf, parseCidr } from '../network/cidr.ts';
import { forgive, type Forgiven } from './forgive.ts';
import {
  afterFailure,
  createLedgers,
  cut,
  GUESSER_KINDS,
  type Guesser,
  type GuesserFailures,
  type GuesserKind,
  identityKey,
  isSpokenFor,
  type Ledger,
  pairKey,
  refusedUntil,
  takeGuess,
} from './ledger.ts';
import { GUESSING_LIMITS, type GuessingLimits } from './limits.ts';
import { countElsewhere, createGuessingNews } from './news.ts';

export interface GuessingBudgetOptions {
  readonly clock: Clock;
  /** What differs from `GUESSING_LIMITS`. */
  readonly limits?: Partial<GuessingLimits>;
  /** Networks that are not slowed, as `address/prefix`: of direct connections, never what a proxy header says. */
  readonly exempt?: readonly string[];
  /** Guessers of each kind of which other nodes can be told at once; 0, unless told: there is no other node. */
  readonly newsMax?: number;
}

/** A guesser that is refused now: a pair is blocked until then, a username or a network only slowed. */
export interface SlowedGuesser extends Guesser {
  readonly kind: GuesserKind;
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** What a budget has counted since it was made, and how many guessers it remembers now. */
export interface GuessingCounters {
  readonly failures: number;
  /** Attempts refused without any work (`TOO_MANY_FAILURES`), and told to come again (busy). */
  readonly refused: number;
  readonly busy: number;
  /** How often an operator, or a new secret, had failures forgotten. */
  readonly forgiven: number;
  /** Entries held, at most `entriesMax` of each kind. */
  readonly entries: Readonly<Record<GuesserKind, number>>;
}

/** The budget, and what the console does with it. */
export interface ManagedGuessingBudget extends GuessingBudget {
  /** Forgets the failures of identities, of an address, or of the two together; of everybody when neither is given. */
  forgive(who: Forgiven): void;
  /** Who is refused now: pairs, then usernames, then networks, the newest failure first; at most `listedMax`. */
  list(): readonly SlowedGuesser[];
  counters(): GuessingCounters;
  /** What failed here since it was last asked, for other nodes. */
  takeNews(): readonly GuesserFailures[];
  /** Counts what failed at another node: the guesses of all of them together are what is bounded. */
  elsewhere(failures: readonly GuesserFailures[]): void;
}

/**
 * Makes the guessing budget of auth.md §9: it bounds the hash and backend work that failures cause, not connections.
 * One address with one username is blocked for growing times; a username alone or a whole network only gets slower,
 * so that nobody can lock a fleet out. Pure: state in bounded maps, time from the clock, no timers.
 *
 * @throws RangeError when an exempt network is none: the configuration was not checked.
 */
export function createGuessingBudget(options: GuessingBudgetOptions): ManagedGuessingBudget {
  const { clock } = options;
  const limits: GuessingLimits = { ...GUESSING_LIMITS, ...options.limits };
  const isExempt = exemption(options.exempt ?? []);
  const ledgers = createLedgers(limits);
  const news = createGuessingNews(options.newsMax ?? 0);
  const counts = { failures: 0, refused: 0, busy: 0, forgiven: 0 };
  /** What is admitted is settled next when its hash is fast: its keys are made once. */
  let last: Asked | undefined;
  const keysFor = (attempt: Attempt, tried: readonly GuessedIdentity[] | undefined): readonly Keyed[] => {
    if (last?.attempt === attempt && last.tried === tried) return last.keys;
    const keys = isExempt(attempt.peerIp ?? attempt.ip)
      ? []
      : keysOf(attempt.ip, tried ?? [ownName(attempt)], limits);
    last = { attempt, tried, keys };
    return keys;
  };
  const giveBack = (keys: readonly Keyed[]): void => {
    for (const { kind, key } of keys) takeGuess(ledgers[kind], key, -1);
  };

  return {
    admit(attempt, tried) {
      const now = clock.now();
      const keys = keysFor(attempt, tried);
      for (const { kind, key } of keys) {
        const entry = ledgers[kind].entries.get(key);
        if (entry === undefined) continue;
        const until = refusedUntil(ledgers[kind], entry, now);
        if (until === undefined) continue;
        counts.refused += 1;
        return { result: 'refused', until, failures: entry.failures };
      }
      if (keys.some(({ kind, key }) => isSpokenFor(ledgers[kind], key, now))) {
        counts.busy += 1;
        return { result: 'busy' };
      }
      for (const { kind, key } of keys) takeGuess(ledgers[kind], key, 1);
      return { result: 'ok' };
    },
    failed(attempt, tried) {
      const now = clock.now();
      counts.failures += 1;
      const keys = keysFor(attempt, tried);
      giveBack(keys);
      for (const { kind, key, who } of keys) {
        const { entries } = ledgers[kind];
        entries.set(key, afterFailure(ledgers[kind], entries.get(key), who, limits, now));
        news.failed(kind, key, who);
      }
    },
    succeeded(attempt, tried, proved = ownName(attempt)) {
      giveBack(keysFor(attempt, tried));
      // Only the pair has proved itself: its identity and its network may still be under attack from elsewhere.
      const [pair] = keysOf(attempt.ip, [proved], limits);
      if (pair === undefined || ledgers.pair.entries.get(pair.key) === undefined) return;
      ledgers.pair.entries.delete(pair.key);
      news.proved(pair.key, pair.who);
    },
    released: (attempt, tried) => giveBack(keysFor(attempt, tried)),
    forgive(who) {
      counts.forgiven += 1;
      forgive(ledgers, who, limits);
    },
    takeNews: () => news.take(),
    elsewhere: (failures) => {
      for (const one of failures) countElsewhere(ledgers, one, limits, clock.now());
    },
    list: () => slowedNow(ledgers, limits.listedMax, clock.now()),
    counters: () => ({
      ...counts,
      entries: {
        pair: ledgers.pair.entries.size,
        username: ledgers.username.entries.size,
        network: ledgers.network.entries.size,
      },
    }),
  };
}

function slowedNow(
  ledgers: Readonly<Record<GuesserKind, Ledger>>,
  listedMax: number,
  now: number,
): readonly SlowedGuesser[] {
  const slowed: SlowedGuesser[] = [];
  for (const kind of GUESSER_KINDS) {
    for (const [, entry] of ledgers[kind].entries.newestFirst()) {
      if (slowed.length >= listedMax) return slowed;
      const until = refusedUntil(ledgers[kind], entry, now);
      const { ip, identity, network, failures } = entry;
      if (until !== undefined) slowed.push({ kind, ip, identity, network, failures, until });
    }
  }
  return slowed;
}

function exemption(networks: readonly string[]): (ip: string) => boolean {
  const blocks = networks.map((text): Cidr => {
    const block = parseCidr(text);
    if (block === undefined) throw new RangeError(`not a network: ${text}`);
    return block;
  });
  return (ip) => {
    const address = blocks.length === 0 ? undefined : parseAddress(ip);
    return address !== undefined && blocks.some((block) => inCidr(block, address));
  };
}

/** One entry that a guess counts in. */
interface Keyed {
  readonly kind: GuesserKind;
  readonly key: string;
  readonly who: Guesser;
}

/** The keys of one attempt's guess. */
interface Asked {
  readonly attempt: Attempt;
  readonly tried: readonly GuessedIdentity[] | undefined;
  readonly keys: readonly Keyed[];
}

/** What a client calls itself: its username, or its client ID without one. */
function ownName(attempt: Attempt): GuessedIdentity {
  const username = usernameOf(attempt);
  return username === undefined
    ? { by: 'clientId', value: attempt.clientId }
    : { by: 'username', value: username };
}

/** Whom a guess from this address at these identities counts for: the pairs first, the network last. */
function keysOf(
  ip: string,
  tried: readonly GuessedIdentity[],
  limits: Pick<GuessingLimits, 'usernameUnitsMax'>,
): readonly Keyed[] {
  const identities = tried.map((identity) => cut(identity, limits));
  const network = networkOf(ip);
  return [
    ...identities.map((identity) => ({
      kind: 'pair' as const,
      key: pairKey(ip, identity),
      who: { ip, identity, network: null },
    })),
    ...identities.map((identity) => ({
      kind: 'username' as const,
      key: identityKey(identity),
      who: { ip: null, identity, network: null },
    })),
    { kind: 'network', key: network, who: { ip: null, identity: null, network } },
  ];
}
