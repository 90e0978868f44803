import type { Clock } from '@gatehouse/auth-core';
import type { OverviewDto } from '@gatehouse/contract';
import type { DataPlane, Store } from '@gatehouse/ports';
import { iso } from '../../present/time.ts';
import { coveredBy } from '../blocks/covered.ts';
import { guessersAmong, networksOf, type GuessingNetwork } from '../unauthorized/guessers.ts';
import type { Range } from './range.ts';

/** Networks that are shown. */
const SHOWN_MAX = 5;

interface Sources {
  readonly store: Pick<Store, 'blocks' | 'unauthorized'>;
  readonly dataPlane: Pick<DataPlane, 'listSlowed'>;
  readonly clock: Clock;
}

/** Networks that somebody guesses from: by what was tried within a range, and those that the guessing budget slows now. */
export const guessingOf = async (
  { store, dataPlane, clock }: Sources,
  range: Range,
): Promise<OverviewDto['guessing']> => {
  const [guessers, slowed, blocks] = await Promise.all([
    guessersAmong(store.unauthorized, range),
    dataPlane.listSlowed(),
    store.blocks.all(),
  ]);
  const now = clock.now();
  const failures = new Map(
    slowed.items.flatMap(({ kind, network, failures: count }) =>
      kind === 'network' && network !== null ? [[network, count] as const] : [],
    ),
  );
  const found = networksOf(guessers);
  const known = new Set(found.map(({ network }) => network));
  // Names that are new each time are nobody's row: the budget alone has seen what they have in common.
  const nameless = [...failures]
    .filter(([network]) => now < range.to && !known.has(network))
    .map(([network, attempts]): GuessingNetwork => ({
      network,
      clients: 0,
      usernames: 0,
      secrets: 0,
      attempts,
      lastAt: now,
    }));
  const isBlocked = coveredBy(blocks, now);
  return [...found, ...nameless].slice(0, SHOWN_MAX).map(({ lastAt, ...one }) => ({
    ...one,
    lastAt: iso(lastAt),
    slowed: failures.has(one.network),
    blocked: isBlocked(one.network),
  }));
};
