import { describe, expect, test } from 'vitest';
import type { CredentialWriteResult, Credential, CredentialSort } from '@gatehouse/ports';
import { CREDENTIAL_SORTS } from '@gatehouse/ports';
import { credential } from './support/records.ts';
import { describeStores } from './support/stores.ts';

function made(result: CredentialWriteResult): Credential {
  if (result.result !== 'ok') throw new Error(`expected ok, got ${result.result}`);
  return result.credential;
}

describeStores('credentials', (subject) => {
  test('a credential is found again by id and by identity, without its hashes', async () => {
    const { credentials } = subject().store;
    const created = made(
      await credentials.create(credential({ name: 'one', username: 'one', tags: ['a', 'b'] }), 10),
    );
    expect(created).toMatchObject({
      version: 1,
      hasSecret: true,
      createdAt: 10,
      secretChangedAt: 10,
      tags: ['a', 'b'],
    });
    expect(await credentials.get(created.id)).toEqual(created);
    expect(await credentials.findByIdentity({ username: 'one', clientId: null })).toEqual(created);
    expect(JSON.stringify(created)).not.toContain('stored-hash');
    expect(await credentials.names([created.id, 'nobody'])).toEqual(new Map([[created.id, 'one']]));
  });

  test('who has one name and wants another of the other is found as near, the username’s first', async () => {
    const { credentials } = subject().store;
    const both = made(await credentials.create(credential({ username: 'near', clientId: 'near-7' }), 1));
    const client = made(await credentials.create(credential({ username: 'other', clientId: 'near7' }), 2));
    await credentials.create(credential({ username: 'near', clientId: null }), 3);
    const ids = async (username: string | null, clientId: string | null, limit = 5) =>
      (await credentials.findNear({ username, clientId }, limit)).map(({ id }) => id);
    expect(await ids('near', 'near7')).toEqual([both.id, client.id]);
    expect(await ids(null, 'near-7')).toEqual([both.id]);
    expect(await ids('near', 'near-7')).toEqual([]);
    expect(await ids('near', '', 1)).toEqual([both.id]);
    expect(await ids(null, null)).toEqual([]);
  });

  test('of a fleet that shares a username as many are near as are asked for, whoever else has that name', async () => {
    const { credentials } = subject().store;
    const username = 'near-fleet';
    const scram = { type: 'scram' } as const;
    const writes = [
      credential({ username, clientId: null }),
      credential({ username, clientId: null, facts: scram }),
      ...Array.from({ length: 40 }, (_, at) =>
        credential({ username, clientId: `near-fleet-${String(at)}` }),
      ),
      credential({ username: `${username}-2`, clientId: 'near-fleet-0' }),
    ];
    await credentials.createEach(writes, 4);
    const near = async (clientId: string, limit: number) =>
      (await credentials.findNear({ username, clientId }, limit)).map((found) => found.username);
    for (const limit of [1, 20, 38]) {
      expect(await near('nobody', limit)).toEqual(Array.from({ length: limit }, () => username));
    }
    expect(await near('near-fleet-0', 50)).toEqual([
      ...Array.from({ length: 39 }, () => username),
      `${username}-2`,
    ]);
  });

  test('an identity is taken once: by username, by client ID and by both', async () => {
    const { credentials } = subject().store;
    for (const identity of [
      { username: 'twice', clientId: null },
      { username: null, clientId: 'twice' },
      { username: 'twice', clientId: 'twice' },
    ]) {
      const first = made(await credentials.create(credential(identity), 1));
      expect(await credentials.create(credential(identity), 2)).toEqual({
        result: 'conflict',
        existing: first,
      });
    }
  });

  test('many are made at once, as one at a time would be, and found in the order asked', async () => {
    const { credentials } = subject().store;
    const writes = Array.from({ length: 250 }, (_, at) => {
      const name = `many-${String(at)}`;
      const both = at % 5 === 2;
      const isTyped = at % 5 === 3 || at % 5 === 4;
      return credential({
        name,
        username: both || at % 5 === 0 || at % 5 === 3 ? name : null,
        clientId: both || at % 5 === 1 ? 'shared'.concat(both ? '' : name) : null,
        expiresAt: at % 2 === 0 ? null : 1_900_000_000_000,
        tags: ['a', 'b'],
        ...(isTyped
          ? {
              facts: at % 5 === 3 ? ({ type: 'scram' } as const) : ({ type: 'psk', identity: name } as const),
            }
          : {}),
        ...(isTyped ? { secretHash: null, hashFormat: null, secretKind: null } : {}),
      });
    });
    const created = await credentials.createEach(writes, 7);
    if (created.result !== 'ok') throw new Error(`expected ok, got ${created.result}`);
    expect(await credentials.findEach([credential({ username: 'free' }), ...writes])).toEqual([
      null,
      ...created.credentials,
    ]);
    for (const one of created.credentials) expect(await credentials.get(one.id)).toEqual(one);
    expect(await credentials.create(writes[2] ?? credential(), 8)).toEqual({
      result: 'conflict',
      existing: created.credentials[2],
    });
  });

  test('many are changed at once, as one at a time would be: what is not given stays, a replaced hash has ended', async () => {
    const { credentials } = subject().store;
    const bare = credential({ secretHash: null, hashFormat: null, secretKind: null });
    const pairs = await Promise.all(
      Array.from({ length: 120 }, async (_, at) => {
        const one = { ...(at % 3 === 0 ? bare : credential()), tags: ['a'], expiresAt: 1_900_000_000_000 };
        const make = async (username: string) =>
          made(await credentials.create({ ...one, name: `n${String(at)}`, username }, 10));
        return [await make(`each-${String(at)}`), await make(`alone-${String(at)}`)] as const;
      }),
    );
    const secret = { hash: 'newer-hash', hashFormat: 'argon2id', secretKind: 'imported' } as const;
    const changes = pairs.map(([{ id }], at) => ({
      id,
      ...(at % 2 === 0
        ? { superuser: true, tags: ['b'], rules: [] }
        : { enabled: false, expiresAt: 1_900_000_000_001 }),
      ...(at % 4 === 0 ? { secret } : {}),
    }));
    const changed = await credentials.updateEach([{ id: 'nobody', name: 'x' }, ...changes], 20);
    expect(changed[0]).toBeUndefined();
    for (const [at, [each, alone]] of pairs.entries()) {
      const { id: _id, secret: newSecret, ...patch } = changes[at] ?? { id: '' };
      let expected = made(await credentials.update(alone.id, patch, undefined, 20));
      if (newSecret !== undefined) {
        expected = made(await credentials.setSecret(alone.id, { ...newSecret, keepPreviousUntil: null }, 20));
      }
      const { id, username } = each;
      expect(changed[at + 1]).toEqual({ ...expected, id, username, version: 2 });
      expect(await credentials.secretHash(id)).toBe(await credentials.secretHash(alone.id));
    }
  });

  test('what of an X.509 credential is no part of its identity is changed with many others', async () => {
    const { credentials } = subject().store;
    const match = { by: 'cn', value: 'changed-with-others' } as const;
    const facts = { type: 'x509', match, rulesByCn: null, skipValidity: false } as const;
    const { id } = made(await credentials.create(credential({ facts, username: null }), 1));
    await credentials.updateEach([{ id, facts: { ...facts, skipValidity: true } }], 2);
    expect(await credentials.findByFacts({ facts, username: null })).toMatchObject({
      id,
      facts: { match, skipValidity: true },
    });
  });

  test('two creations of one identity at the same time: one wins, the other conflicts', async () => {
    const { credentials } = subject().store;
    const results = await Promise.all(
      [1, 2].map((now) => credentials.create(credential({ username: 'race' }), now)),
    );
    expect(results.map(({ result }) => result).sort()).toEqual(['conflict', 'ok']);
  });

  test('a lookup gives what may speak for the pair under each strategy, in the order asked', async () => {
    const { credentials } = subject().store;
    const byUser = made(await credentials.create(credential({ username: 'look' }), 1));
    const byClient = made(await credentials.create(credential({ clientId: 'look-c' }), 1));
    const byBoth = made(await credentials.create(credential({ username: 'look', clientId: 'look-c' }), 1));
    const asked = (['username', 'clientid', 'both'] as const).map((strategy) => ({
      username: 'look',
      clientId: 'look-c',
      strategy,
    }));
    const found = await credentials.lookup([
      ...asked,
      { username: undefined, clientId: 'look-c', strategy: 'both' },
    ]);
    expect(found.map((list) => list.map(({ id }) => id))).toEqual([
      [byUser.id],
      [byClient.id],
      [byUser.id, byClient.id, byBoth.id],
      [byClient.id],
    ]);
    expect(found[0]?.[0]).toMatchObject({
      secretHash: 'stored-hash',
      rules: [{ topic: '#' }],
      previousSecret: null,
    });
  });

  test('an update under a stale version changes nothing and shows what is there', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(credential({ username: 'versioned' }), 1));
    expect(made(await credentials.update(id, { description: 'first' }, 1, 2))).toMatchObject({
      version: 2,
      updatedAt: 2,
    });
    const stale = await credentials.update(id, { description: 'second' }, 1, 3);
    expect(stale).toMatchObject({
      result: 'version-mismatch',
      current: { description: 'first', version: 2 },
    });
    expect(await credentials.update('nobody', {}, undefined, 3)).toEqual({ result: 'not-found' });
  });

  test('an update into an identity that is taken conflicts', async () => {
    const { credentials } = subject().store;
    const taken = made(await credentials.create(credential({ username: 'taken' }), 1));
    const { id } = made(await credentials.create(credential({ username: 'mover' }), 1));
    expect(await credentials.update(id, { username: 'taken' }, undefined, 2)).toEqual({
      result: 'conflict',
      existing: taken,
    });
  });

  test('after a rotation the previous secret is accepted until its time, and can be accepted again', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(credential({ username: 'rotated' }), 1));
    expect(await credentials.acceptPrevious(id, 99, 2)).toEqual({ result: 'not-found' });
    const write = {
      hash: 'new-hash',
      hashFormat: 'argon2id',
      secretKind: 'generated',
      keepPreviousUntil: null,
    } as const;
    made(await credentials.setSecret(id, write, 5));
    expect(await credentials.stored(id)).toMatchObject({
      secretHash: 'new-hash',
      previousSecret: { hash: 'stored-hash', validUntil: 5 },
    });
    made(await credentials.acceptPrevious(id, 99, 6));
    expect(await credentials.stored(id)).toMatchObject({
      version: 3,
      secretChangedAt: 5,
      previousSecret: { validUntil: 99 },
    });
  });

  test('a better hash is stored only while the version is the one that was verified, and does not raise it', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(credential({ username: 'rehashed' }), 1));
    await credentials.rehash(id, 2, 'late', 'x');
    await credentials.rehash(id, 1, 'better', 'x');
    expect(await credentials.stored(id)).toMatchObject({ secretHash: 'better', version: 1 });
  });

  test.each([
    ['no list', {}],
    ['an unknown permission', [{ permission: 'maybe', action: 'all', topic: '#' }]],
    ['an unknown action', [{ permission: 'deny', action: 'listen', topic: '#' }]],
    ['no topic', [{ permission: 'deny', action: 'all' }]],
    ['an empty topic', [{ permission: 'deny', action: 'all', topic: '' }]],
    ['text for a flag', [{ permission: 'deny', action: 'all', topic: 'a', literal: 'yes' }]],
    ['an unknown field', [{ permission: 'deny', action: 'all', topic: 'a', retain: true }]],
    ['one rule that is none', [{ permission: 'deny', action: 'all', topic: 'a' }, null]],
  ])('rules with %s admit nobody, and the record can be seen, mended and deleted', async (what, rules) => {
    const { credentials } = subject().store;
    const clientId = `unreadable ${what}`;
    // Stored as text: as this one, whatever the list holds.
    const asText = Object.assign([], { toJSON: () => rules });
    const { id } = made(await credentials.create(credential({ clientId, rules: asText }), 1));
    const unreadable = { id, clientId, rules: [], unparsable: expect.any(String) as string };
    const [found] = await credentials.lookup([{ username: undefined, clientId, strategy: 'clientid' }]);
    expect(found).toEqual([{ id, version: 1, unparsable: unreadable.unparsable }]);
    expect(await credentials.get(id)).toMatchObject(unreadable);
    expect(await credentials.findByIdentity({ username: null, clientId })).toMatchObject(unreadable);
    expect(await credentials.stored(id)).toBeNull();
    const listed = await credentials.page(
      { clientId: { op: 'eq', value: clientId } },
      { limit: 1, sort: { field: 'name', direction: 'asc' } },
    );
    expect(listed.items).toMatchObject([unreadable]);
    const mended = made(await credentials.update(id, { rules: [] }, undefined, 2));
    expect(mended).toMatchObject({ rules: [], unparsable: null });
    expect(await credentials.stored(id)).toMatchObject({ id });
    expect(await credentials.remove([id])).toHaveLength(1);
  });

  test('disabling and removing many answers with those that changed', async () => {
    const { credentials } = subject().store;
    const on = made(await credentials.create(credential({ username: 'many-1' }), 1));
    const off = made(await credentials.create(credential({ username: 'many-2', enabled: false }), 1));
    const changed = await credentials.setEnabled([on.id, off.id, 'nobody'], false, 7);
    expect(changed).toEqual([{ ...on, enabled: false, version: 2, updatedAt: 7 }]);
    expect((await credentials.remove([on.id, 'nobody'])).map(({ id }) => id)).toEqual([on.id]);
    expect(await credentials.get(on.id)).toBeNull();
  });

  test('what was used when and from where is kept', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(credential({ username: 'used' }), 1));
    await credentials.touch([{ id, at: 50, ip: '192.0.2.9' }]);
    expect(await credentials.get(id)).toMatchObject({ lastUsedAt: 50, lastUsedIp: '192.0.2.9', version: 1 });
  });

  describe('lists', () => {
    test('every sort walks all rows once, forwards and back', async () => {
      const { credentials } = subject().store;
      for (let index = 0; index < 7; index += 1) {
        await credentials.create(
          credential({ name: `page-${index % 3}`, username: `page-${index}`, tags: [`t${index % 2}`] }),
          100 + (index % 2),
        );
      }
      for (const field of CREDENTIAL_SORTS) await walkBothWays(field);
    });

    test('filters by tag, text, state and expiry', async () => {
      const { store, clock } = subject();
      const expired = made(
        await store.credentials.create(
          credential({ username: 'old', name: '100%_sure', expiresAt: clock.now() }),
          1,
        ),
      );
      const page = (filter: Parameters<typeof store.credentials.page>[0]) =>
        store.credentials.page(filter, { limit: 50, sort: { field: 'name', direction: 'asc' } });
      expect((await page({ expired: true })).items).toEqual([expired]);
      expect((await page({ search: '0%_S' })).items).toEqual([expired]);
      expect((await page({ tag: 't1' })).total).toBe(3);
      expect((await page({ username: { op: 'starts', value: 'page-' }, enabled: true })).total).toBe(7);
      expect(await store.credentials.tags()).toEqual(['a', 'b', 't0', 't1']);
    });

    async function walkBothWays(field: CredentialSort): Promise<void> {
      const { credentials } = subject().store;
      const filter = { name: { op: 'starts', value: 'page-' } } as const;
      const request = { limit: 3, sort: { field, direction: 'desc' } } as const;
      const forward: string[] = [];
      let page = await credentials.page(filter, request);
      const first = page;
      for (;;) {
        forward.push(...page.items.map(({ id }) => id));
        if (page.next === null) break;
        page = await credentials.page(filter, { ...request, cursor: page.next });
      }
      expect(new Set(forward).size).toBe(7);
      while (page.prev !== null) page = await credentials.page(filter, { ...request, cursor: page.prev });
      expect(page.items).toEqual(first.items);
    }
  });
});
