import type {
  AccessRuleWrite,
  BlockWrite,
  ChangeMark,
  CredentialWrite,
  NotedChange,
  Store,
  ToldEvent,
} from '@gatehouse/ports';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openStore } from '../src/open.ts';
import { batch, credential, delta } from './support/records.ts';
import { describePostgresql, type Place, temporaryDirectory, testClock } from './support/stores.ts';

const NOW = 1_790_000_000_000;

const blockOf = (value: string): BlockWrite => ({
  kind: 'clientId',
  value,
  expiresAt: null,
  comment: '',
  createdBy: 'Ada',
});
const ruleOf = (topic: string): AccessRuleWrite => ({
  permission: 'deny',
  who: 'all',
  action: 'all',
  topics: [topic],
  comment: '',
  createdBy: 'Ada',
});
const PLACE = { phase: 'before' } as const;

describePostgresql('what servers on one database change', (prepare) => {
  let place: Place;
  let here: Store;
  let there: Store;
  let operator: pg.Client;
  let mark: ChangeMark;

  const feedOf = ({ changeFeed }: Store) => {
    if (changeFeed === undefined) throw new Error('there is no feed');
    return changeFeed;
  };
  /** All that is new here since it was last asked. */
  const news = async (): Promise<readonly NotedChange[]> => {
    const all: NotedChange[] = [];
    for (;;) {
      const read = await feedOf(here).read(mark);
      mark = read.mark;
      all.push(...read.changes);
      if (!read.more) return all;
    }
  };

  beforeAll(async () => {
    place = await prepare();
    const clock = testClock(NOW);
    here = await openStore({ ...place, clock });
    there = await openStore({ ...place, clock });
    operator = new pg.Client({ connectionString: place.url });
    await operator.connect();
  });
  beforeEach(async () => {
    mark = await feedOf(here).begin();
  });
  afterAll(async () => {
    await operator.end();
    await here.close();
    await there.close();
    await place.discard();
  });

  const made = async (store: Store, username: string, more: Partial<CredentialWrite> = {}) => {
    const result = await store.credentials.create(credential({ username, ...more }), NOW);
    if (result.result !== 'ok') throw new Error(result.result);
    return result.credential.id;
  };

  test('each change is read once, in its order, with what to read again', async () => {
    const id = await made(there, 'once');
    const block = await there.blocks.create(blockOf('once'), NOW);
    if (block.result !== 'ok') throw new Error(block.result);
    await there.accessRules.create(ruleOf('once/#'), PLACE, NOW);
    await there.settings.set('auth', { chains: {} });
    const event: ToldEvent = { kind: 'failures-forgiven', identities: null, ip: '192.0.2.1' };
    await there.changeNotes.tell([event]);
    await there.credentials.remove([id]);
    expect(await news()).toEqual([
      { kind: 'credentials', ids: [id], type: 'basic', ends: false },
      { kind: 'blocks', ids: [block.block.id] },
      { kind: 'access-rules' },
      { kind: 'authentication' },
      { kind: 'told', event },
      { kind: 'credentials', ids: [id], type: 'basic', ends: true },
    ]);
    expect(await news()).toEqual([]);
  });

  test('what this server changes itself is no news to it', async () => {
    await made(here, 'own');
    expect(await news()).toEqual([]);
  });

  test('what is rolled back is never told', async () => {
    const undone = there.transaction(async (tx) => {
      await tx.credentials.create(credential({ username: 'undone' }), NOW);
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(await news()).toEqual([]);
  });

  test('a change that commits late is not skipped, though later ones were read before it', async () => {
    await operator.query('BEGIN');
    await operator.query(
      "INSERT INTO settings (key, value) VALUES ('auth', '{}') ON CONFLICT (key) DO UPDATE SET value = '{}'",
    );
    const id = await made(there, 'overtaking');
    expect(await news()).toEqual([{ kind: 'credentials', ids: [id], type: 'basic', ends: false }]);
    await operator.query('COMMIT');
    expect(await news()).toEqual([{ kind: 'authentication' }]);
  });

  test('what an operator writes by hand is told like any other change', async () => {
    const id = await made(there, 'by-hand');
    await news();
    await operator.query('UPDATE credentials SET enabled = false WHERE id = $1', [id]);
    expect(await news()).toEqual([{ kind: 'credentials', ids: [id], type: 'basic', ends: true }]);
    await operator.query('DELETE FROM access_rules');
    await operator.query('TRUNCATE blocks');
    expect(await news()).toEqual([{ kind: 'access-rules' }, { kind: 'everything' }]);
  });

  test('that a credential was used, or hashed better, and that a block was hit, is no change', async () => {
    const id = await made(there, 'used', { secretHash: 'old', hashFormat: 'plain' });
    const block = await there.blocks.create(blockOf('hit'), NOW);
    if (block.result !== 'ok') throw new Error(block.result);
    await news();
    await there.credentials.touch([{ id, at: NOW, ip: '192.0.2.1' }]);
    await there.credentials.rehash(id, 1, 'better', 'argon2id');
    await there.blocks.addHits([{ id: block.block.id, hits: 3, lastHitAt: NOW }]);
    expect(await news()).toEqual([]);
  });

  test.each([
    ['a new name', { name: 'other' }, false],
    ['other rules', { rules: [{ permission: 'deny', action: 'all', topic: '#' }] }, false],
    ['an end to come where there was none', { expiresAt: NOW + 1_000 }, true],
    ['being disabled', { enabled: false }, true],
    ['another username', { username: 'renamed' }, true],
    ['being bound to a client ID', { clientId: 'bound' }, true],
    ['a superuser no more', { superuser: false }, true],
    ['a password from now on', { passwordless: false }, true],
  ] as const)(
    'of a credential, %s: sessions elsewhere end or go on as they do here',
    async (what, patch, ends) => {
      const id = await made(there, what, { passwordless: true, superuser: true });
      await news();
      await there.credentials.update(id, patch, undefined, NOW);
      expect(await news()).toEqual([{ kind: 'credentials', ids: [id], type: 'basic', ends }]);
      await there.credentials.remove([id]);
    },
  );

  test.each([
    ['without grace', null, true],
    ['with a grace period for the old one', NOW + 60_000, false],
  ] as const)('of a credential, a new secret %s: the same', async (what, keepPreviousUntil, ends) => {
    const id = await made(there, what, { secretHash: 'old', hashFormat: 'plain', secretKind: 'chosen' });
    await news();
    const secret = { hash: 'new', hashFormat: 'plain', secretKind: 'chosen', keepPreviousUntil } as const;
    await there.credentials.setSecret(id, secret, NOW);
    expect(await news()).toEqual([{ kind: 'credentials', ids: [id], type: 'basic', ends }]);
    await there.credentials.acceptPrevious(id, NOW + 60_000, NOW);
    expect((await news()).every((change) => change.kind === 'credentials' && !change.ends)).toBe(true);
  });

  test('an import of many is few rows, and is read a few at a time', async () => {
    await operator.query(
      `INSERT INTO credentials (id, version, name, username, passwordless, superuser, enabled, description, tags, rules,
         created_at, updated_at, source)
       SELECT 'many-' || n, 1, '', 'many-' || n, true, false, true, '', '[]', '[]', 1, 1, 'api' FROM generate_series(1, 100501) AS n`,
    );
    const { changes, mark: further, more } = await feedOf(here).read(mark);
    mark = further;
    expect(more).toBe(true);
    const ids = [...changes, ...(await news())].flatMap((change) =>
      change.kind === 'credentials' ? change.ids : [],
    );
    expect(new Set(ids).size).toBe(100_501);
    expect(ids).toHaveLength(100_501);
    await operator.query("DELETE FROM credentials WHERE id LIKE 'many-%'");
  });

  test('of a whole kind there is one row in a transaction, however many statements changed it', async () => {
    await there.transaction(async (tx) => {
      for (const topic of ['a', 'b', 'c']) await tx.accessRules.create(ruleOf(topic), PLACE, NOW);
    });
    expect(await news()).toEqual([{ kind: 'access-rules' }]);
  });

  test('what is recorded of refused clients is told where there is somebody to tell, and only so many by name', async () => {
    const flush = (...names: readonly string[]) =>
      there.unauthorized.flush(batch(names.map((clientId) => delta({ clientId }))), 1);
    await flush('alone');
    expect(await news()).toEqual([]);
    await operator.query(
      `INSERT INTO nodes (node_id, incarnation, holder, lease_until, started_at, version, host)
       SELECT 'node-' || n, 1, '', now() + interval '1 hour', now(), '0', 'h' FROM generate_series(1, 2) AS n`,
    );
    const { changes } = await flush('told', 'alone');
    const idOf = (name: string) => changes.find(({ row }) => row.clientId === name)?.row.id;
    const rows = { kind: 'rows', created: [idOf('told')], again: [idOf('alone')], resolved: [] };
    expect(await news()).toEqual([{ kind: 'refused', news: rows }]);
    expect(
      (await here.unauthorized.getEach([...rows.created, 'none'].map(String))).map(
        ({ clientId }) => clientId,
      ),
    ).toEqual(['told']);
    await flush(...Array.from({ length: 501 }, (_, n) => `many-${n}`));
    expect(await news()).toEqual([{ kind: 'refused', news: { kind: 'many', count: 501 } }]);
  });

  test('who was away for too long reads everything again, and then only what is new', async () => {
    mark = { ...mark, at: mark.at - 3_000_000 };
    expect(await news()).toEqual([{ kind: 'everything' }]);
    expect(await news()).toEqual([]);
  });

  test('a database that went back in time is read again from the beginning', async () => {
    mark = { ...mark, since: '9999999999:9999999999:' };
    expect(await news()).toEqual([{ kind: 'everything' }]);
  });

  test('what everybody has read is removed, failed logins sooner; what is new stays', async () => {
    await operator.query('DELETE FROM change_log');
    const failures: ToldEvent = { kind: 'failures-elsewhere', failures: [] };
    const forgiven: ToldEvent = { kind: 'failures-forgiven', identities: null, ip: null };
    await there.changeNotes.tell([failures, forgiven]);
    await feedOf(here).sweep();
    const left = async () =>
      (await operator.query<{ detail: string }>('SELECT detail FROM change_log ORDER BY seq')).rows.map(
        ({ detail }) => JSON.parse(detail) as unknown,
      );
    expect(await left()).toEqual([failures, forgiven]);
    await operator.query("UPDATE change_log SET at = at - interval '2 minutes'");
    await feedOf(here).sweep();
    expect(await left()).toEqual([forgiven]);
    await operator.query("UPDATE change_log SET at = at - interval '1 hour'");
    await feedOf(here).sweep();
    expect(await left()).toEqual([]);
  });
});

test('beside SQLite nobody changes anything', async () => {
  const temporary = temporaryDirectory();
  const store = await openStore({ url: '', dataDir: temporary.path, clock: testClock(NOW) });
  expect(store.changeFeed).toBeUndefined();
  await store.changeNotes.tell([{ kind: 'acl-cache-cleared', clientId: null }]);
  await store.close();
  temporary.discard();
});
