import type { BlockWrite, StoredBlock } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { describeStores, type Subject } from './support/stores.ts';

const write = (more: Partial<BlockWrite> = {}): BlockWrite => ({
  kind: 'clientId',
  value: 'pump-7',
  expiresAt: null,
  comment: '',
  createdBy: 'Ada',
  ...more,
});

describeStores('blocks', (subject) => {
  const make = async (more: Partial<BlockWrite>, now = 1_000): Promise<StoredBlock> => {
    const made = await subject().store.blocks.create(write(more), now);
    if (made.result !== 'ok') throw new Error(made.result);
    return made.block;
  };
  const page = (filter: Parameters<Subject['store']['blocks']['page']>[0], sort = 'createdAt') =>
    subject().store.blocks.page(filter, {
      limit: 50,
      sort: { field: sort as 'createdAt', direction: 'asc' },
    });

  test('a block is kept whole, and found by id and target, also after a restart', async () => {
    const made = await make({ value: 'kept', comment: 'why', expiresAt: 5_000 });
    expect(made).toEqual({
      ...write({ value: 'kept', comment: 'why', expiresAt: 5_000 }),
      id: made.id,
      version: 1,
      createdAt: 1_000,
      hits: 0,
      lastHitAt: null,
    });
    const store = await subject().reopen();
    expect(await store.blocks.get(made.id)).toEqual(made);
    expect(await store.blocks.find({ kind: 'clientId', value: 'kept' })).toEqual(made);
    expect(await store.blocks.find({ kind: 'username', value: 'kept' })).toBeNull();
    expect(await store.blocks.all()).toContainEqual({
      id: made.id,
      kind: 'clientId',
      value: 'kept',
      expiresAt: 5_000,
    });
  });

  test('what is blocked already is a conflict; one that has ended gives way', async () => {
    const first = await make({ value: 'twice', expiresAt: 2_000 });
    expect(await subject().store.blocks.create(write({ value: 'twice' }), 1_999)).toEqual({
      result: 'conflict',
      existing: first,
    });
    const again = await subject().store.blocks.create(write({ value: 'twice' }), 2_000);
    expect(again).toMatchObject({ result: 'ok', replaced: [first.id], block: { hits: 0 } });
    await make({ kind: 'username', value: 'twice' });
  });

  test('only so many patterns fit', async () => {
    for (let count = 0; count < 50; count += 1) await make({ kind: 'pattern', value: `p${count}` });
    expect(await subject().store.blocks.create(write({ kind: 'pattern', value: 'more' }), 1)).toEqual({
      result: 'full',
      max: 50,
    });
    await make({ value: 'not a pattern' });
  });

  test('end and comment change with the version, which guards against a lost update', async () => {
    const { id } = await make({ value: 'changed', comment: 'one' });
    const { blocks } = subject().store;
    expect(await blocks.update(id, { expiresAt: 9_000 }, 1)).toMatchObject({
      result: 'ok',
      block: { version: 2, expiresAt: 9_000, comment: 'one' },
    });
    expect(await blocks.update(id, { comment: 'two' }, 1)).toMatchObject({ result: 'version-mismatch' });
    expect(await blocks.update(id, { expiresAt: null, comment: 'two' }, undefined)).toMatchObject({
      block: { version: 3, expiresAt: null, comment: 'two' },
    });
    expect(await blocks.update('nobody', {}, undefined)).toEqual({ result: 'not-found' });
  });

  test('hits add up, keep the newest time, and pass over blocks that are gone', async () => {
    const { id } = await make({ value: 'hit' });
    const { blocks } = subject().store;
    await blocks.addHits([
      { id, hits: 3, lastHitAt: 7_000 },
      { id: 'gone', hits: 1, lastHitAt: 1 },
    ]);
    await blocks.addHits([{ id, hits: 2, lastHitAt: 6_000 }]);
    expect(await blocks.get(id)).toMatchObject({ hits: 5, lastHitAt: 7_000, version: 1 });
  });

  test('a removed block is told once', async () => {
    const made = await make({ value: 'removed' });
    expect(await subject().store.blocks.remove(made.id)).toEqual(made);
    expect(await subject().store.blocks.remove(made.id)).toBeNull();
  });

  test('a sweep takes those that ended before, and no other', async () => {
    const old = await make({ value: 'old', expiresAt: 1_500 });
    const young = await make({ value: 'young', expiresAt: 1_600 });
    expect(await subject().store.blocks.sweep(1_600)).toEqual([old.id]);
    expect(await subject().store.blocks.get(young.id)).toEqual(young);
  });

  test('lists find by value and comment whatever the case, by kind, and by whether it ended', async () => {
    await make({ kind: 'cidr', value: '198.51.100.0/24', comment: 'Scanner 100%', expiresAt: 3_000 });
    const values = async (filter: Parameters<typeof page>[0]) =>
      (await page(filter)).items.map(({ value }) => value);
    expect(await values({ search: 'SCANNER 100%' })).toEqual(['198.51.100.0/24']);
    expect(await values({ search: '51.100' })).toEqual(['198.51.100.0/24']);
    expect(await values({ search: 'scanner%nothing' })).toEqual([]);
    expect(await values({ kind: 'cidr', expired: true })).toEqual(['198.51.100.0/24']);
    expect(await values({ kind: 'cidr', expired: false })).toEqual([]);
  });

  test.each(['createdAt', 'value', 'expiresAt', 'hits', 'lastHitAt'] as const)(
    'pages by %s tell every block once, and what never ends comes last by its end',
    async (field) => {
      await make({ value: `page ${field}`, expiresAt: 10_000 });
      const { blocks } = subject().store;
      const seen: StoredBlock[] = [];
      let cursor: string | undefined;
      do {
        const found = await blocks.page({}, { limit: 7, cursor, sort: { field, direction: 'asc' } });
        seen.push(...found.items);
        cursor = found.next ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      expect(seen.length).toBe((await blocks.all()).length);
      if (field === 'expiresAt') expect(seen.at(-1)?.expiresAt).toBeNull();
    },
  );
});
