import { expect, test } from 'vitest';
import type { AuditWrite } from '@gatehouse/ports';
import { ALICE, credential } from './support/records.ts';
import { describeStores } from './support/stores.ts';

function entry(values: Partial<AuditWrite> = {}): AuditWrite {
  return {
    at: 1,
    actor: ALICE,
    action: 'credential.create',
    target: { kind: 'credential', id: 'c1', name: 'one' },
    before: null,
    after: { b: 1, a: [2] },
    ip: '192.0.2.1',
    requestId: 'r1',
    ...values,
  };
}

describeStores('administration', (subject) => {
  test('an address belongs to one person, whatever its case', async () => {
    const { users } = subject().store;
    const person = { email: 'Owner@Example.org', name: 'Owner', role: 'owner', passwordHash: 'h' } as const;
    const created = await users.create(person, 5);
    expect(created).toMatchObject({
      result: 'ok',
      user: { email: 'owner@example.org', enabled: true, lastLoginAt: null },
    });
    expect(await users.create({ ...person, email: 'owner@example.org' }, 6)).toEqual({ result: 'conflict' });
    expect(await users.findForLogin('OWNER@example.org')).toMatchObject({ passwordHash: 'h' });
    expect(await users.countOwners()).toBe(1);
  });

  test('sessions are found by the hash of their token, and go with their user', async () => {
    const { users, userSessions } = subject().store;
    const made = await users.create(
      { email: 's@example.org', name: 'S', role: 'viewer', passwordHash: 'h' },
      1,
    );
    if (made.result !== 'ok') throw new Error('not made');
    const session = {
      userId: made.user.id,
      csrfToken: 'c',
      createdAt: 1,
      lastSeenAt: 1,
      expiresAt: 100,
      confirmedAt: 1,
      ip: 'i',
      userAgent: 'u',
    };
    for (const id of ['s1', 's2', 's3']) await userSessions.create({ ...session, id, tokenHash: `t-${id}` });
    expect(await userSessions.findByTokenHash('t-s1')).toEqual({
      session: { ...session, id: 's1' },
      user: made.user,
    });
    await userSessions.touch('s2', 60);
    expect(await userSessions.removeExpired(70, 20)).toBe(2);
    expect((await userSessions.listForUser(made.user.id)).map(({ id }) => id)).toEqual(['s2']);
    expect(await userSessions.removeForUser(made.user.id, 's2')).toBe(0);
    await users.remove(made.user.id);
    expect(await userSessions.findByTokenHash('t-s2')).toBeNull();
  });

  test('an API key is found by its hash only', async () => {
    const { apiKeys } = subject().store;
    const key = {
      id: 'k1',
      name: 'ci',
      role: 'operator',
      scopes: ['stats:read'],
      prefix: 'gh_ab',
      createdAt: 1,
      createdBy: 'alice',
      expiresAt: null,
      lastUsedAt: null,
      lastUsedIp: null,
    } as const;
    expect(await apiKeys.create({ ...key, keyHash: 'kh' })).toEqual({ result: 'ok', key });
    expect(await apiKeys.create({ ...key, id: 'k2', keyHash: 'kh2' })).toEqual({ result: 'conflict' });
    await apiKeys.touch('k1', 9, '192.0.2.2');
    expect(await apiKeys.findByHash('kh')).toEqual({ ...key, lastUsedAt: 9, lastUsedIp: '192.0.2.2' });
    expect(await apiKeys.remove('k1')).toMatchObject({ id: 'k1' });
    expect(await apiKeys.list()).toEqual([]);
  });

  test('a setting is the JSON it was set to, and undefined when it was not', async () => {
    const { settings } = subject().store;
    await settings.set('view', { columns: ['a'], hostile: '\0\ud800' });
    await settings.set('view', { columns: ['b'], hostile: '\0\ud800' });
    expect(await settings.get('view')).toEqual({ columns: ['b'], hostile: '\0\ud800' });
    await settings.remove('view');
    expect(await settings.get('view')).toBeUndefined();
  });

  test('points of a series are ranged by time and swept by age', async () => {
    const { series } = subject().store;
    const node = 'gate-1';
    await series.append([1, 2, 3].map((at) => ({ at, node, values: { refused: at } })));
    await series.append([{ at: 3, node, values: { refused: 30 } }]);
    expect(await series.range(2, 4)).toEqual([
      { at: 2, node, values: { refused: 2 } },
      { at: 3, node, values: { refused: 30 } },
    ]);
    expect(await series.sums(['refused', 'refused.basic'], { from: 2, to: 4 })).toEqual({
      firstAt: 2,
      sums: { refused: 32, 'refused.basic': 0 },
    });
    expect(await series.sums(['refused'], { from: 9, to: 10 })).toEqual({
      firstAt: null,
      sums: { refused: 0 },
    });
    expect(await series.oldest()).toBe(1);
    expect(await series.sweep(3)).toBe(2);
    expect(await series.range(0, 9)).toHaveLength(1);
  });

  test('points of two nodes that fall on one millisecond are both kept, and add up', async () => {
    const { series } = subject().store;
    const [one, two] = ['gate-1', 'gate-2'].map((node, index) => ({
      at: 50,
      node,
      values: { refused: index + 1 },
    }));
    await series.append([one, two].flatMap((point) => point ?? []));
    const points = await series.range(50, 60);
    expect(points.map(({ at, node }) => [at, node])).toEqual([
      [50, 'gate-1'],
      [51, 'gate-2'],
    ]);
    expect(await series.sums(['refused'], { from: 50, to: 60 })).toEqual({
      firstAt: 50,
      sums: { refused: 3 },
    });
  });

  test('a transaction is all or nothing, and reads what it has written', async () => {
    const { store } = subject();
    const failing = store.transaction(async (tx) => {
      await tx.credentials.create(credential({ username: 'undone' }), 1);
      await tx.audit.append(entry({ requestId: 'undone' }));
      expect(await tx.credentials.findByIdentity({ username: 'undone', clientId: null })).not.toBeNull();
      expect(
        (await tx.audit.page({ search: 'undone' }, { limit: 5, sort: { field: 'at', direction: 'desc' } }))
          .total,
      ).toBe(1);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.credentials.findByIdentity({ username: 'undone', clientId: null })).toBeNull();
    expect(
      (await store.audit.page({ search: 'undone' }, { limit: 5, sort: { field: 'at', direction: 'desc' } }))
        .total,
    ).toBe(0);
  });

  test('an open transaction is not seen from outside, and the next write waits for it', async () => {
    const { store } = subject();
    const order: string[] = [];
    let later: Promise<unknown> | undefined;
    await store.transaction(async (tx) => {
      await tx.settings.set('inside', 1);
      later = store.settings.set('outside', 2).then(() => order.push('outside'));
      expect(await store.settings.get('inside')).toBeUndefined();
      order.push('inside');
    });
    await later;
    expect(order).toEqual(['inside', 'outside']);
    expect(await store.settings.get('inside')).toBe(1);
  });

  test('the audit is a chain that verifies, also after reopening, and its lines are found', async () => {
    const { store, reopen } = subject();
    const lines = [];
    for (let index = 0; index < 5; index += 1)
      lines.push(await store.audit.append(entry({ at: index, requestId: `chain-${index}` })));
    expect(lines[1]?.previousHash).toBe(lines[0]?.hash);
    const again = await reopen();
    expect(await again.audit.get(lines[2]?.id ?? '')).toEqual(lines[2]);
    expect(await again.audit.verify()).toEqual({ entries: 5, brokenAt: null });
    const request = { limit: 2, sort: { field: 'at', direction: 'desc' } } as const;
    const page = await again.audit.page({ actorId: 'alice', from: 1 }, request);
    expect(page).toMatchObject({ total: 4, totalIsExact: true, prev: null });
    expect(page.items.map(({ at }) => at)).toEqual([4, 3]);
    const next = await again.audit.page(
      { actorId: 'alice', from: 1 },
      { ...request, cursor: page.next ?? '' },
    );
    expect(next.items.map(({ at }) => at)).toEqual([2, 1]);
  });

  test('a cursor of another filter is refused', async () => {
    const { audit } = subject().store;
    const request = { limit: 1, sort: { field: 'at', direction: 'desc' } } as const;
    const { next } = await audit.page({}, request);
    await expect(audit.page({ actorId: 'alice' }, { ...request, cursor: next ?? '' })).rejects.toMatchObject({
      name: 'InvalidCursorError',
    });
  });

  test('what is searched for in the audit is found by its text, and by actions that are named beside it', async () => {
    const { audit } = subject().store;
    for (const action of ['ca.trust', 'ca.distrust', 'chain.update'])
      await audit.append(entry({ action, requestId: 'named' }));
    const found = async (filter: object) => {
      const request = { limit: 9, sort: { field: 'at', direction: 'desc' } } as const;
      const { items } = await audit.page({ targetId: 'c1', ...filter }, request);
      return items.filter(({ requestId }) => requestId === 'named').map(({ action }) => action);
    };
    expect(await found({ search: 'gelöscht', named: ['ca.trust', 'chain.update'] })).toEqual([
      'chain.update',
      'ca.trust',
    ]);
    expect(await found({ search: 'distrust', named: ['chain.update'] })).toEqual([
      'chain.update',
      'ca.distrust',
    ]);
    expect(await found({ search: 'gelöscht' })).toEqual([]);
  });
});
