import { createBoundedMap } from './bounded-map.ts';
import {
  afterFailure,
  type Guesser,
  type GuesserFailures,
  type GuesserKind,
  identityKey,
  type Ledger,
  pairKey,
} from './ledger.ts';
import type { GuessingLimits } from './limits.ts';

/** Failures of one guesser at another node that are counted at once; more change nothing. */
const FAILURES_AT_ONCE_MAX = 1_000;

/** What other nodes have to be told: bounded, one entry for each guesser however often it fails. */
export interface GuessingNews {
  failed(kind: GuesserKind, key: string, who: Guesser): void;
  /** A pair; what it failed before is no news any more. */
  proved(key: string, who: Guesser): void;
  /** What is new since it was last taken. */
  take(): readonly GuesserFailures[];
}

/** At most `max` guessers of each kind: the one that failed longest ago goes first. */
export function createGuessingNews(max: number): GuessingNews {
  const maps = {
    pair: createBoundedMap<GuesserFailures>(max),
    username: createBoundedMap<GuesserFailures>(max),
    network: createBoundedMap<GuesserFailures>(max),
  };
  const none = (kind: GuesserKind, { ip, identity, network }: Guesser): GuesserFailures => ({
    kind,
    ip,
    identity,
    network,
    failures: 0,
    proved: false,
  });
  return {
    failed: (kind, key, who) => {
      if (max === 0) return;
      const known = maps[kind].get(key) ?? none(kind, who);
      maps[kind].set(key, { ...known, failures: known.failures + 1 });
    },
    proved: (key, who) => {
      if (max > 0) maps.pair.set(key, { ...none('pair', who), proved: true });
    },
    take: () =>
      [maps.pair, maps.username, maps.network].flatMap((map) => {
        const taken = map.newestFirst().map(([, news]) => news);
        map.clear();
        return taken;
      }),
  };
}

/** Counts what another node tells as if it had happened here, now: all nodes come to the same sums and the same pauses. */
export function countElsewhere(
  ledgers: Readonly<Record<GuesserKind, Ledger>>,
  { kind, proved, failures, ...who }: GuesserFailures,
  limits: GuessingLimits,
  now: number,
): void {
  const key = keyOf(kind, who);
  if (key === undefined) return;
  const { entries } = ledgers[kind];
  if (proved) entries.delete(key);
  for (let count = Math.min(failures, FAILURES_AT_ONCE_MAX); count > 0; count -= 1)
    entries.set(key, afterFailure(ledgers[kind], entries.get(key), who, limits, now));
}

/** Undefined for what names nobody of this kind. */
function keyOf(kind: GuesserKind, { ip, identity, network }: Guesser): string | undefined {
  if (kind === 'network') return network ?? undefined;
  if (identity === null) return undefined;
  if (kind === 'username') return identityKey(identity);
  return ip === null ? undefined : pairKey(ip, identity);
}
