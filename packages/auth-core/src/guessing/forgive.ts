import type { GuessedIdentity } from '../needs.ts';
import { networkOf } from '../network/cidr.ts';
import { foldedName } from './fold.ts';
import { cut, GUESSER_KINDS, type GuesserKind, identityKey, type Ledger, pairKey } from './ledger.ts';
import type { GuessingLimits } from './limits.ts';

/** Whose failures are forgotten: of these identities, at this address; null stands for any. */
export interface Forgiven {
  readonly identities: readonly GuessedIdentity[] | null;
  readonly ip: string | null;
  /** A slowed network by itself, as `list()` tells it; then nothing else is forgiven. */
  readonly network?: string | undefined;
}

/**
 * Forgets everything that would keep the forgiven from trying again at once. Each name costs a few look-ups, however
 * many guessers there are.
 */
export function forgive(
  ledgers: Readonly<Record<GuesserKind, Ledger>>,
  { identities, ip, network }: Forgiven,
  limits: Pick<GuessingLimits, 'usernameUnitsMax'>,
): void {
  if (network !== undefined) {
    ledgers.network.entries.delete(network);
    return;
  }
  if (identities === null && ip === null) {
    for (const kind of GUESSER_KINDS) ledgers[kind].entries.clear();
    return;
  }
  const pairs = ledgers.pair.entries;
  if (ip !== null) ledgers.network.entries.delete(networkOf(ip));
  if (identities === null) {
    for (const key of ip === null ? [] : pairs.keysOf(ip)) pairs.delete(key);
    return;
  }
  for (const name of identities.flatMap((identity) => spellingsOf(identity, limits))) {
    const keys = ip === null ? pairs.keysOf(identityKey(name)) : [pairKey(ip, name)];
    for (const key of keys) pairs.delete(key);
    ledgers.username.entries.delete(identityKey(name));
  }
}

/** As the client wrote it, and as a directory would count it. */
function spellingsOf(
  identity: GuessedIdentity,
  limits: Pick<GuessingLimits, 'usernameUnitsMax'>,
): readonly GuessedIdentity[] {
  const { by, value } = identity;
  const folded = foldedName(value);
  const spellings = folded === value ? [identity] : [identity, { by, value: folded }];
  return spellings.map((one) => cut(one, limits));
}
