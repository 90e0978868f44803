import type { BasicCredential } from '@gatehouse/auth-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { DATA_BOUNDS } from '../../src/data/bounds.ts';
import {
  createCredentialSource,
  type CachedCredentialSource,
  type CredentialQuery,
} from '../../src/data/credential-source.ts';

const credential = (overrides: Partial<BasicCredential> = {}): BasicCredential => ({
  id: 'c1',
  version: 1,
  name: 'pump',
  username: 'pump',
  clientId: null,
  enabled: true,
  expiresAt: null,
  secretHash: 'h',
  previousSecret: null,
  passwordless: false,
  superuser: false,
  rules: [],
  secretChangedAt: 0,
  ...overrides,
});

const query = (username: string | undefined, clientId = 'client'): CredentialQuery => ({
  username,
  clientId,
  strategy: 'both',
});
const change = { id: 'c1', username: 'pump', clientId: null, disconnect: false };

/** A store whose answers are given by hand, so that a change can come in between. */
class Store {
  readonly batches: (readonly CredentialQuery[])[] = [];
  readonly #answers: ((found: readonly BasicCredential[] | Error) => void)[] = [];

  lookup = (queries: readonly CredentialQuery[]): Promise<readonly (readonly BasicCredential[])[]> => {
    this.batches.push(queries);
    return new Promise((resolve, reject) => {
      this.#answers.push((found) => {
        if (found instanceof Error) reject(found);
        else resolve(queries.map(() => found));
      });
    });
  };

  answer(found: readonly BasicCredential[] | Error): void {
    const answer = this.#answers.shift();
    if (!answer) throw new Error('nothing was asked');
    answer(found);
  }
}

let store: Store;
let now: number;
let send: () => void;
let source: CachedCredentialSource;

beforeEach(() => {
  store = new Store();
  now = 0;
  source = createCredentialSource({
    lookup: store.lookup,
    clock: { monotonic: () => now },
    schedule: (run) => (send = run),
  });
});

/** Asks and lets the store answer. */
async function ask(wanted: CredentialQuery, found: readonly BasicCredential[]): Promise<unknown> {
  const asked = source.find(wanted);
  send();
  store.answer(found);
  return asked;
}

describe('the credential source', () => {
  test('a second question is answered at once, without asking the store', async () => {
    await ask(query('pump'), [credential()]);
    expect(source.find(query('pump'))).toEqual([credential()]);
    expect(store.batches).toHaveLength(1);
  });

  test('one identity is asked for once, however many wait for it', async () => {
    const waiting = [
      Promise.resolve(source.find(query('pump'))),
      Promise.resolve(source.find(query('pump'))),
    ];
    send();
    store.answer([credential()]);
    expect(await Promise.all(waiting)).toEqual([[credential()], [credential()]]);
    expect(store.batches).toEqual([[query('pump')]]);
  });

  test('all questions of a tick go in one batch, bounded in size', () => {
    for (let index = 0; index < DATA_BOUNDS.lookupBatchMax + 1; index++) void source.find(query(`u${index}`));
    send();
    expect(store.batches.map((batch) => batch.length)).toEqual([DATA_BOUNDS.lookupBatchMax, 1]);
  });

  test('what is asked while an answer is awaited goes in one batch after it', async () => {
    const first = source.find(query('u0'));
    send();
    const later = ['u1', 'u2'].map((username) => Promise.resolve(source.find(query(username))));
    expect(store.batches).toEqual([[query('u0')]]);
    store.answer([]);
    expect(await first).toEqual([]);
    await new Promise(setImmediate);
    expect(store.batches).toEqual([[query('u0')], [query('u1'), query('u2')]]);
    store.answer([credential()]);
    expect(await Promise.all(later)).toEqual([[credential()], [credential()]]);
  });

  test('an identity that nobody has is not asked for, under each strategy', async () => {
    const known = new Set(['pump', 'valve-1']);
    source.use({ mayHave: (_kind, identity) => known.has(identity) });
    expect(source.find(query('nobody', 'nowhere'))).toEqual([]);
    expect(source.find({ ...query('nobody', 'valve-1'), strategy: 'username' })).toEqual([]);
    expect(source.find({ ...query('pump', 'nowhere'), strategy: 'clientid' })).toEqual([]);
    expect(source.find(query(undefined, 'nowhere'))).toEqual([]);
    expect(await ask(query('nobody', 'valve-1'), [credential()])).toEqual([credential()]);
    expect(await ask(query('pump', 'nowhere'), [credential()])).toEqual([credential()]);
    expect(store.batches).toHaveLength(2);
  });

  test('a fleet that shares a username is asked for once, whatever its client IDs, unless one has a credential', async () => {
    const known = new Set(['pump', 'valve-1']);
    source.use({ mayHave: (_kind, identity) => known.has(identity) });
    await ask(query('pump', 'device-1'), [credential()]);
    expect(source.find(query('pump', 'device-2'))).toEqual([credential()]);
    expect(source.find(query('pump', 'valve-1'))).toBeInstanceOf(Promise);
    known.add('device-2');
    expect(source.find(query('pump', 'device-2'))).toBeInstanceOf(Promise);
    expect(store.batches[0]).toMatchObject([{ username: 'pump', strategy: 'username' }]);
  });

  test('unknown identities are remembered for two seconds, known ones for a minute', async () => {
    await ask(query('nobody'), []);
    await ask(query('pump'), [credential()]);
    now = DATA_BOUNDS.credentialMissTtlMs;
    expect(source.find(query('pump'))).toEqual([credential()]);
    expect(source.find(query('nobody'))).toBeInstanceOf(Promise);
    now = DATA_BOUNDS.credentialHitTtlMs;
    expect(source.find(query('pump'))).toBeInstanceOf(Promise);
  });

  test('a change voids what was found, by identity and by credential', async () => {
    await ask(query('pump'), [credential()]);
    await ask(query(undefined, 'other'), [credential({ username: null, clientId: 'other' })]);
    source.changed([change]);
    expect(source.find(query('pump'))).toBeInstanceOf(Promise);
    expect(source.find(query(undefined, 'other'))).toBeInstanceOf(Promise);
  });

  test('a new credential is found although nothing was a moment ago', async () => {
    await ask(query('pump'), []);
    source.changed([change]);
    expect(await ask(query('pump'), [credential()])).toEqual([credential()]);
  });

  test('a change of another credential voids nothing', async () => {
    await ask(query('pump'), [credential()]);
    source.changed([{ id: 'c2', username: 'valve', clientId: 'valve-1', disconnect: false }]);
    expect(source.find(query('pump'))).toEqual([credential()]);
  });

  test('an answer that raced a change is neither given nor kept: the store is asked again', async () => {
    const stale = credential();
    const fresh = credential({ enabled: false, version: 2 });
    const asked = source.find(query('pump'));
    send();
    source.changed([change]);
    store.answer([stale]);
    await Promise.resolve();
    await new Promise((resolve) => void setImmediate(resolve));
    send();
    store.answer([fresh]);
    expect(await asked).toEqual([fresh]);
    expect(source.find(query('pump'))).toEqual([fresh]);
  });

  describe('while the store is away', () => {
    const failing = async (): Promise<unknown> => {
      const asked = source.find(query('pump'));
      send();
      store.answer(new Error('the database is away'));
      return asked;
    };
    beforeEach(async () => {
      const asked = source.find(query('pump'));
      send();
      store.answer([credential()]);
      await asked;
      now += DATA_BOUNDS.credentialHitTtlMs;
    });

    test('who was found before is found still, for an hour, and the store is asked each time', async () => {
      expect(await failing()).toEqual([credential()]);
      expect(store.batches).toHaveLength(2);
      now += DATA_BOUNDS.credentialStaleMaxMs - 1;
      expect(await failing()).toEqual([credential()]);
      now += 1;
      expect(await failing()).toBe('unavailable');
    });

    test('what was changed before it went away is not', async () => {
      source.changed([change]);
      expect(await failing()).toBe('unavailable');
    });
  });

  test('a store that cannot be asked makes it unavailable, and is asked again next time', async () => {
    const asked = source.find(query('pump'));
    send();
    store.answer(new Error('gone'));
    expect(await asked).toBe('unavailable');
    expect(await ask(query('pump'), [credential()])).toEqual([credential()]);
  });

  test('an identity too long to keep is still found', async () => {
    const long = 'x'.repeat(DATA_BOUNDS.cachedIdentityCharactersMax + 1);
    expect(await ask(query('pump', long), [credential()])).toEqual([credential()]);
    expect(source.find(query('pump', long))).toBeInstanceOf(Promise);
  });

  test('a decision can tell that its credential changed meanwhile', () => {
    const before = source.changesOf('c1');
    source.changed([change]);
    expect(source.changesOf('c1')).toBeGreaterThan(before);
  });

  test('a change is never missed, however many came after it', () => {
    const before = source.changeCount();
    source.changed([change]);
    const others = Array.from({ length: DATA_BOUNDS.recentChangesMax }, (_, index) => ({
      ...change,
      id: `other-${index}`,
    }));
    source.changed(others);
    expect(source.changesOf('c1')).toBeGreaterThan(before);
    // Decisions begun after all of them stand.
    expect(source.changesOf('unknown')).toBeLessThanOrEqual(source.changeCount());
    expect(source.changesOf('other-0')).toBeLessThanOrEqual(source.changeCount());
  });
});
