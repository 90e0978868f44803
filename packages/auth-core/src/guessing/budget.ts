import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { Clock, GuessingBudget } from '../needs.ts';
import { parseAddress } from '../network/address.ts';
import { type Cidr, inCidr, networkOf, parseCidr } from '../network/cidr.ts';
import {
  afterFailure,
  createLedgers,
  type Entry,
  type Guesser,
  type GuesserKind,
  refusedUntil,
} from './ledger.ts';
import { GUESSING_LIMITS, type GuessingLimits } from './limits.ts';

export interface GuessingBudgetOptions {
  readonly clock: Clock;
  /** What differs from `GUESSING_LIMITS`. */
  readonly limits?: Partial<GuessingLimits>;
  /** Networks that are not slowed, as `address/prefix`: of direct connections, never what a proxy header says. */
  readonly exempt?: readonly string[];
}

/** A guesser that is refused now: a pair is blocked until then, a username or a network only slowed. */
export interface SlowedGuesser extends Guesser {
  readonly kind: GuesserKind;
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The budget, and what the console does with it. */
export interface ManagedGuessingBudget extends GuessingBudget {
  /** Forgets the failures of a username, of an address, or of the two together; of everybody when neither is given. */
  forgive(who: { readonly username: string | null; readonly ip: string | null }): void;
  /** Who is refused now: pairs, then usernames, then networks, the newest failure first; at most `listedMax`. */
  list(): readonly SlowedGuesser[];
}

const KINDS = ['pair', 'username', 'network'] as const satisfies readonly GuesserKind[];

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

  return {
    admit(attempt) {
      if (isExempt(attempt.ip)) return { result: 'ok' };
      const now = clock.now();
      const keys = keysOf(attempt, limits);
      for (const kind of KINDS) {
        const entry = ledgers[kind].entries.get(keys[kind].key);
        if (entry === undefined) continue;
        const until = refusedUntil(ledgers[kind], entry, now);
        if (until !== undefined) return { result: 'refused', until, failures: entry.failures };
      }
      return { result: 'ok' };
    },
    failed(attempt) {
      if (isExempt(attempt.ip)) return;
      const now = clock.now();
      const keys = keysOf(attempt, limits);
      for (const kind of KINDS) {
        const { key, who } = keys[kind];
        const { entries } = ledgers[kind];
        entries.set(key, afterFailure(ledgers[kind], entries.get(key), who, limits, now));
      }
    },
    succeeded(attempt) {
      // Only the pair has proved itself: its username and its network may still be under attack from elsewhere.
      ledgers.pair.entries.delete(keysOf(attempt, limits).pair.key);
    },
    forgive({ username, ip }) {
      const cut = username === null ? null : username.slice(0, limits.usernameUnitsMax);
      for (const kind of KINDS) {
        const { entries } = ledgers[kind];
        for (const [key, entry] of entries.newestFirst()) {
          if (isForgiven(kind, entry, cut, ip)) entries.delete(key);
        }
      }
    },
    list() {
      const now = clock.now();
      const slowed: SlowedGuesser[] = [];
      for (const kind of KINDS) {
        for (const [, entry] of ledgers[kind].entries.newestFirst()) {
          const until = refusedUntil(ledgers[kind], entry, now);
          const { ip, identity, network, failures } = entry;
          if (until !== undefined) slowed.push({ kind, ip, identity, network, failures, until });
        }
      }
      return slowed.slice(0, limits.listedMax);
    },
  };
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

interface Keyed {
  readonly key: string;
  readonly who: Guesser;
}

/** Whom a failure of this attempt counts for. */
function keysOf(
  attempt: Attempt,
  { usernameUnitsMax }: GuessingLimits,
): Readonly<Record<GuesserKind, Keyed>> {
  const username = usernameOf(attempt);
  const by = username === undefined ? 'clientId' : 'username';
  const value = (username ?? attempt.clientId).slice(0, usernameUnitsMax);
  const identity = { by, value } as const;
  const network = networkOf(attempt.ip);
  return {
    // No address holds a blank: the parts of a key cannot run into each other.
    pair: { key: `${attempt.ip} ${by} ${value}`, who: { ip: attempt.ip, identity, network: null } },
    username: { key: `${by} ${value}`, who: { ip: null, identity, network: null } },
    network: { key: network, who: { ip: null, identity: null, network } },
  };
}

/** Whether forgiving covers an entry: everything that would keep the forgiven one from trying again at once. */
function isForgiven(kind: GuesserKind, entry: Entry, username: string | null, ip: string | null): boolean {
  if (username === null && ip === null) return true;
  const sameName = entry.identity?.by === 'username' && entry.identity.value === username;
  switch (kind) {
    case 'pair':
      return (username === null || sameName) && (ip === null || entry.ip === ip);
    case 'username':
      return sameName;
    case 'network':
      return ip !== null && entry.network === networkOf(ip);
  }
}
