import type { DataPlane } from '@gatehouse/ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepIdentities, type StoredIdentities } from '../src/control/identities.ts';
import { IdentityFilter } from '../src/identity-filter.ts';
import { createLogger } from '../src/runtime/logger.ts';

const log = createLogger({ level: 'fatal', format: 'json' }, 'control');

function filterOf(usernames: readonly string[]): IdentityFilter {
  const filter = IdentityFilter.forIdentities(usernames.length);
  for (const username of usernames) filter.add('username', username);
  filter.complete();
  return filter;
}

describe('the identity filter', () => {
  test('never denies an identity that was added, and the other thread sees it at once', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.string(), (names, late) => {
        const filter = filterOf(names);
        const elsewhere = new IdentityFilter(filter.shared);
        filter.add('clientId', late);
        return (
          names.every((name) => elsewhere.mayHave('username', name)) && elsewhere.mayHave('clientId', late)
        );
      }),
    );
  });

  test('denies most of what was not added, as username and as client ID', () => {
    const filter = filterOf(Array.from({ length: 100_000 }, (_, i) => `device-${i}`));
    const asked = Array.from({ length: 10_000 }, (_, i) => i);
    const wrongNames = asked.filter((i) => filter.mayHave('username', `stranger-${i}`));
    const wrongIds = asked.filter((i) => filter.mayHave('clientId', `device-${i}`));
    expect(wrongNames.length).toBeLessThan(100);
    expect(wrongIds.length).toBeLessThan(100);
  });

  test('denies nothing before all that is stored has been added', () => {
    const filter = IdentityFilter.forIdentities(0);
    expect(filter.mayHave('username', 'anybody')).toBe(true);
    filter.complete();
    expect(filter.mayHave('username', 'anybody')).toBe(false);
  });
});

describe('keeping the filter up', () => {
  const stored = [{ username: 'pump', clientId: null }];
  const repository = (stream: StoredIdentities['stream']): StoredIdentities => ({
    count: () => Promise.resolve(stored.length),
    stream,
  });
  /** Lets the reading in the background, which waits for nothing real here, come to its end. */
  const filled = () => new Promise(setImmediate);
  const published: unknown[] = [];
  const plane: Pick<DataPlane, 'publish'> = { publish: (event) => void published.push(event) };

  test('adds what is stored, and a new identity before it is announced', async () => {
    const keeper = keepIdentities(log);
    const filter = new IdentityFilter(
      await keeper.begin(
        repository(async function* () {
          yield await Promise.resolve(stored);
        }),
      ),
    );
    await filled();
    expect(filter.mayHave('username', 'pump')).toBe(true);
    expect(filter.mayHave('username', 'valve')).toBe(false);
    const change = { id: 'c', username: 'valve', clientId: 'valve-1', disconnect: false };
    keeper.announcing(plane).publish({ kind: 'credentials-changed', changes: [change] });
    expect(filter.mayHave('username', 'valve')).toBe(true);
    expect(filter.mayHave('clientId', 'valve-1')).toBe(true);
    expect(published).toEqual([{ kind: 'credentials-changed', changes: [change] }]);
  });

  test('when the store cannot be read denies nothing', async () => {
    const keeper = keepIdentities(log);
    const failing = async function* () {
      yield await Promise.reject<typeof stored>(new Error('store away'));
    };
    const filter = new IdentityFilter(await keeper.begin(repository(failing)));
    await filled();
    expect(filter.mayHave('username', 'anybody')).toBe(true);
  });
});
