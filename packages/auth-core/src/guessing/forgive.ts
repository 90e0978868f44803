import type { GuessedIdentity } from '../needs.ts';
import { networkOf } from '../network/cidr.ts';
import { cut, GUESSER_KINDS, type GuesserKind, identityKey, type Ledger, pairKey } from './ledger.ts';
import type { GuessingLimits } from './limits.ts';

/** Whose failures are forgotten: of these identities, at this address; null stands for any. */
export interface Forgiven {
  readonly identities: readonly GuessedIdentity[] | null;
  readonly ip: string | null;
}

/**
 * Forgets everything that would keep the forgiven from trying again at once. Each name costs a few look-ups, however
 * many guessers there are.
 */
export function forgive(
  ledgers: Readonly<Record<GuesserKind, Ledger>>,
  { identities, ip }: Forgiven,
  limits: Pick<GuessingLimits, 'usernameUnitsMax'>,
): void {
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
  for (const identity of identities) {
    const name = cut(identity, limits);
    const keys = ip === null ? pairs.keysOf(identityKey(name)) : [pairKey(ip, name)];
    for (const key of keys) pairs.delete(key);
    ledgers.username.entries.delete(identityKey(name));
  }
}
