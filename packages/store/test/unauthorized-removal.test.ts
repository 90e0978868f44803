import { expect, test } from 'vitest';
import { MOVED_ROWS_MAX, UNDO_WINDOW_MS } from '../src/unauthorized/deletions.ts';
import { ALICE, batch, BOB, delta } from './support/records.ts';
import { describeStores } from './support/stores.ts';

const NOW = 50_000;

describeStores('refused clients: deletion and undo', (subject) => {
  const page = (search?: string) =>
    subject().store.unauthorized.page(search === undefined ? {} : { search }, {
      limit: 200,
      sort: { field: 'clientId', direction: 'asc' },
    });
  const ids = async (search: string) => (await page(search)).items.map(({ id }) => id);
  const total = async (search?: string) => (await page(search)).total;
  const fill = (prefix: string, count: number, at = 1_000) =>
    subject().store.unauthorized.flush(
      batch(Array.from({ length: count }, (_, index) => delta({ clientId: `${prefix}-${index}`, at }))),
      1,
    );

  test('selected rows go, are found by nobody, and come back as they were', async () => {
    const { unauthorized } = subject().store;
    await fill('chosen', 3);
    const before = (await page('chosen')).items;
    const [first, second] = before.map(({ id }) => id);
    const deletion = await unauthorized.remove(
      { kind: 'ids', ids: [first ?? '', second ?? '', '999999', 'x'] },
      ALICE,
      NOW,
    );
    expect(deletion).toMatchObject({ deleted: 2, undoUntil: NOW + UNDO_WINDOW_MS });
    expect(await total('chosen')).toBe(1);
    expect(await unauthorized.get(first ?? '')).toBeNull();
    expect(await unauthorized.attempts(first ?? '')).toBeNull();
    expect(await unauthorized.undo(deletion.undoToken, ALICE, NOW)).toEqual({ restored: 2 });
    expect((await page('chosen')).items).toEqual(before);
  });

  test('what a filter matches goes, without the exceptions; facets follow', async () => {
    const { unauthorized } = subject().store;
    await fill('filtered', 450);
    const [spared] = await ids('filtered-44');
    const before = (await unauthorized.facets({})).clients;
    const deletion = await unauthorized.remove(
      { kind: 'filter', filter: { search: 'filtered' }, except: [spared ?? ''] },
      ALICE,
      NOW,
    );
    expect(deletion.deleted).toBe(449);
    expect(await ids('filtered')).toEqual([spared]);
    expect((await unauthorized.facets({})).clients).toBe(before - 449);
    expect(await unauthorized.undo(deletion.undoToken, ALICE, NOW)).toEqual({ restored: 449 });
    expect((await unauthorized.facets({})).clients).toBe(before);
  });

  test('undo merges with what was refused meanwhile: attempts add up, the first stays first', async () => {
    const { unauthorized } = subject().store;
    for (const kind of ['ids', 'all'] as const) {
      const clientId = `merged-${kind}`;
      await unauthorized.flush(batch([delta({ clientId, at: 1_000, attempts: 2 })]), 1);
      const selection = kind === 'all' ? { kind } : { kind, ids: await ids(clientId) };
      const { undoToken } = await unauthorized.remove(selection, ALICE, NOW);
      await unauthorized.flush(
        batch([
          delta({ clientId, at: 9_000, attempts: 3, username: 'later' }),
          delta({ clientId: `new-${kind}` }),
        ]),
        1,
      );
      expect(await unauthorized.undo(undoToken, ALICE, NOW)).not.toBeNull();
      const { items } = await page(clientId);
      expect(items).toMatchObject([
        { attempts: 5, firstAttemptAt: 1_000, lastAttemptAt: 9_000, username: 'later' },
      ]);
      expect(await unauthorized.attempts(items[0]?.id ?? '')).toHaveLength(2);
      expect(await total(`new-${kind}`)).toBe(1);
    }
  });

  test('an undo is for the same actor, once, and in time', async () => {
    const { unauthorized } = subject().store;
    await fill('token', 1);
    const { undoToken } = await unauthorized.remove({ kind: 'ids', ids: await ids('token') }, ALICE, NOW);
    expect(await unauthorized.undo(undoToken, BOB, NOW)).toBeNull();
    expect(await unauthorized.undo('no-such-token', ALICE, NOW)).toBeNull();
    expect(await unauthorized.undo(undoToken, ALICE, NOW + UNDO_WINDOW_MS + 1)).toBeNull();
    expect(await unauthorized.undo(undoToken, ALICE, NOW + UNDO_WINDOW_MS)).toEqual({ restored: 1 });
    expect(await unauthorized.undo(undoToken, ALICE, NOW)).toBeNull();
  });

  test('a deletion of everything is undone after reopening, and deleted ones do not come back by themselves', async () => {
    const { reopen } = subject();
    const before = await total();
    const { undoToken, deleted } = await subject().store.unauthorized.remove({ kind: 'all' }, ALICE, NOW);
    expect(deleted).toBe(before);
    const again = await reopen();
    expect(await total()).toBe(0);
    expect(await again.unauthorized.undo(undoToken, ALICE, NOW)).toEqual({ restored: before });
    expect(await total()).toBe(before);
  });

  test('two deletions of everything in a row are undone one after the other', async () => {
    const { unauthorized } = subject().store;
    const before = await total();
    const first = await unauthorized.remove({ kind: 'all' }, ALICE, NOW);
    await fill('between', 2);
    const second = await unauthorized.remove({ kind: 'all' }, ALICE, NOW);
    expect(await unauthorized.undo(first.undoToken, ALICE, NOW)).toEqual({ restored: before });
    expect(await unauthorized.undo(second.undoToken, ALICE, NOW)).toEqual({ restored: 2 });
    expect(await total()).toBe(before + 2);
  });

  test('the sweep purges what can no longer be undone, and nothing that can', async () => {
    const { unauthorized } = subject().store;
    await fill('purged', 250);
    const { undoToken } = await unauthorized.remove(
      { kind: 'filter', filter: { search: 'purged' }, except: [] },
      ALICE,
      NOW,
    );
    const policy = { maxAgeMs: 1_000_000, maxRows: 1_000_000 };
    expect(await sweepAll(policy, NOW)).toBe(0);
    expect(await sweepAll(policy, NOW + UNDO_WINDOW_MS + 1)).toBe(250);
    expect(await unauthorized.undo(undoToken, ALICE, NOW)).toBeNull();
  });

  test('more than is moved at once is hidden at once, comes back whole, and is purged in chunks', async () => {
    const { unauthorized } = subject().store;
    const many = MOVED_ROWS_MAX + 100;
    await fill('many', many);
    await fill('other', 3);
    const [spared, hidden] = await ids('many-1');
    const remove = () =>
      unauthorized.remove({ kind: 'filter', filter: { search: 'many' }, except: [spared ?? ''] }, ALICE, NOW);
    const first = await remove();
    expect(first.deleted).toBe(many - 1);
    expect(await ids('many')).toEqual([spared]);
    expect((await unauthorized.facets({ search: 'many' })).clients).toBe(1);
    expect(await unauthorized.get(hidden ?? '')).toBeNull();
    expect((await remove()).deleted).toBe(0);
    expect(await unauthorized.undo(first.undoToken, ALICE, NOW)).toEqual({ restored: many - 1 });
    expect(await total('many')).toBe(many);

    await remove();
    await subject().reopen();
    const policy = { maxAgeMs: 1_000_000, maxRows: 1_000_000 };
    const { store } = subject();
    expect(await store.unauthorized.sweep(policy, NOW)).toBe(0);
    const chunk = await store.unauthorized.sweep(policy, NOW + UNDO_WINDOW_MS + 1);
    expect(chunk).toBeGreaterThan(0);
    expect(chunk).toBeLessThan(many - 1);
    // Other writes come between the chunks: what is refused again meanwhile is shown again, and stays.
    await store.unauthorized.flush(batch([delta({ clientId: 'many-599', at: NOW + 1 })]), 1);
    expect(chunk + (await sweepAll(policy, NOW + UNDO_WINDOW_MS + 1))).toBe(many - 2);
    expect((await page('many')).items.map(({ clientId }) => clientId)).toEqual(
      expect.arrayContaining(['many-599']),
    );
    expect(await total('many')).toBe(2);
    expect(await total('other')).toBe(3);
  });

  test('the sweep keeps to age and to count, the oldest going first', async () => {
    const { unauthorized } = subject().store;
    await unauthorized.remove({ kind: 'all' }, ALICE, NOW);
    await fill('aged', 5, NOW - 2_000);
    await fill('fresh', 5, NOW);
    await sweepAll({ maxAgeMs: 1_000, maxRows: 100 }, NOW);
    expect([await total('aged'), await total('fresh')]).toEqual([0, 5]);
    await fill('older', 3, NOW - 500);
    expect(await sweepAll({ maxAgeMs: 1_000, maxRows: 6 }, NOW)).toBe(2);
    expect([await total('older'), await total('fresh')]).toEqual([1, 5]);
  });

  test('a deletion inside a transaction that fails has not happened', async () => {
    const { store } = subject();
    const before = await total();
    const failing = store.transaction(async (tx) => {
      await tx.unauthorized.remove({ kind: 'all' }, ALICE, NOW);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await total()).toBe(before);
  });

  async function sweepAll(
    policy: { readonly maxAgeMs: number; readonly maxRows: number },
    now: number,
  ): Promise<number> {
    let removed = 0;
    for (;;) {
      const some = await subject().store.unauthorized.sweep(policy, now);
      if (some === 0) return removed;
      removed += some;
    }
  }
});
