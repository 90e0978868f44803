import type { GuessedIdentity } from '../needs.ts';
import { type BoundedMap, createBoundedMap } from './bounded-map.ts';
import { type Bucket, type BucketLimits, drained, nextTokenAt, refilled } from './bucket.ts';
import type { GuessingLimits } from './limits.ts';

/** Whom failures are counted for: an address with an identity, an identity anywhere, a network with anybody. */
export const GUESSER_KINDS = ['pair', 'username', 'network'] as const;
export type GuesserKind = (typeof GUESSER_KINDS)[number];

/** Whom an entry is about; what does not apply to its kind is null. */
export interface Guesser {
  readonly ip: string | null;
  readonly identity: GuessedIdentity | null;
  readonly network: string | null;
}

/** What one node tells the others of a guesser since it last told. */
export interface GuesserFailures extends Guesser {
  readonly kind: GuesserKind;
  readonly failures: number;
  /** A pair that proved itself: what it failed before then is forgotten. */
  readonly proved: boolean;
}

/** What is kept of one guesser. */
export interface Entry extends Guesser {
  readonly bucket: Bucket;
  readonly failures: number;
  /** How many blocks in a row, and when the last one ends (milliseconds since the epoch); of pairs only. */
  readonly blocks: number;
  readonly blockedUntil: number;
}

/** The entries of one kind and the bucket that each of them has. */
export interface Ledger {
  readonly kind: GuesserKind;
  readonly entries: BoundedMap<Entry>;
  /** Guesses admitted of which nobody knows yet what came; as many as verifications are under way. */
  readonly underWay: Map<string, number>;
  readonly bucket: BucketLimits;
}

/** Names an identity within a key: no address holds a blank, so the parts of a key cannot run into each other. */
export const identityKey = ({ by, value }: GuessedIdentity): string => `${by} ${value}`;

export const pairKey = (ip: string, identity: GuessedIdentity): string => `${ip} ${identityKey(identity)}`;

/** The identity up to the length that tells it from others. */
export const cut = (
  { by, value }: GuessedIdentity,
  { usernameUnitsMax }: Pick<GuessingLimits, 'usernameUnitsMax'>,
): GuessedIdentity => ({ by, value: value.slice(0, usernameUnitsMax) });

/** The groups of the pairs, so that one identity or one address is forgiven without going through all of them. */
const groupsOf = ({ ip, identity }: Guesser): readonly string[] => [
  ...(identity === null ? [] : [identityKey(identity)]),
  ...(ip === null ? [] : [ip]),
];

export function createLedgers(limits: GuessingLimits): Readonly<Record<GuesserKind, Ledger>> {
  const ledger = (kind: GuesserKind, capacity: number, refillMs: number): Ledger => ({
    kind,
    entries: createBoundedMap<Entry>(limits.entriesMax, kind === 'pair' ? groupsOf : undefined),
    underWay: new Map(),
    bucket: { capacity, refillMs },
  });
  return {
    pair: ledger('pair', limits.pairFailuresMax, limits.pairRefillMs),
    username: ledger('username', limits.usernameFailuresMax, limits.usernameRefillMs),
    network: ledger('network', limits.networkFailuresMax, limits.networkRefillMs),
  };
}

/** Until when an entry's guesser is refused; undefined when it may try now. */
export function refusedUntil({ bucket }: Ledger, entry: Entry, now: number): number | undefined {
  if (now < entry.blockedUntil) return entry.blockedUntil;
  return nextTokenAt(refilled(entry.bucket, bucket, now), bucket);
}

/** Whether the guesses under way would use up what is left, if they were all wrong. */
export function isSpokenFor({ bucket, entries, underWay }: Ledger, key: string, now: number): boolean {
  const taken = underWay.get(key) ?? 0;
  if (taken === 0) return false;
  const entry = entries.get(key);
  const left = entry === undefined ? bucket.capacity : refilled(entry.bucket, bucket, now).tokens;
  return left - taken < 1;
}

/** Takes a guess, or gives one back. */
export function takeGuess({ underWay }: Ledger, key: string, change: 1 | -1): void {
  const taken = (underWay.get(key) ?? 0) + change;
  if (taken > 0) underWay.set(key, taken);
  else underWay.delete(key);
}

/** The entry after one more failure at `now`; a pair that has none left is blocked, each time for twice as long. */
export function afterFailure(
  { kind, bucket }: Ledger,
  known: Entry | undefined,
  who: Guesser,
  limits: GuessingLimits,
  now: number,
): Entry {
  // Every field by its name: each refusal makes three of these, and a spread is no plain object to V8.
  const { ip, identity, network } = who;
  const stale = known === undefined || now - known.bucket.at > limits.blockForgetMs;
  const before: Bucket = stale ? { tokens: bucket.capacity, at: now } : known.bucket;
  const failures = stale ? 1 : known.failures + 1;
  const blocks = stale ? 0 : known.blocks;
  const blockedUntil = stale ? 0 : known.blockedUntil;
  // Verified before the block and answered after it: counted, but the block grows once only.
  if (now < blockedUntil) return { ip, identity, network, bucket: before, failures, blocks, blockedUntil };
  const left = drained(refilled(before, bucket, now));
  if (kind !== 'pair' || left.tokens >= 1) {
    return { ip, identity, network, bucket: left, failures, blocks, blockedUntil };
  }
  const until = now + Math.min(limits.blockMaxMs, limits.blockMinMs * 2 ** blocks);
  // After the block there is one try, and the next block if it fails.
  const bucketAfter = { tokens: 1, at: until };
  return { ip, identity, network, bucket: bucketAfter, failures, blocks: blocks + 1, blockedUntil: until };
}
