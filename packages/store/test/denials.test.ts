import { DENIAL_LIMITS, type Denial, type DenialDelta, type DenialFilter } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { describeStores } from './support/stores.ts';

const delta = (more: Partial<DenialDelta> = {}): DenialDelta => ({
  clientId: 'pump-7',
  username: 'pump',
  principal: 'builtin:1',
  ip: '10.0.0.7',
  action: 'publish',
  topic: 'plant/7/set',
  by: 'before',
  rule: { id: 'r1', permission: 'deny', topic: 'plant/#' },
  count: 1,
  firstAt: 1_000,
  lastAt: 1_000,
  ...more,
});

describeStores('denials', (subject) => {
  const denials = () => subject().store.denials;
  const flush = (...batch: readonly DenialDelta[]) => denials().flush({ denials: batch, aggregates: [] });
  const list = async (filter: DenialFilter = {}, limit = 50): Promise<readonly Denial[]> => {
    const request = { limit, sort: { field: 'lastAt', direction: 'desc' } } as const;
    return (await denials().page(filter, request)).items;
  };
  const topics = async (filter: DenialFilter): Promise<readonly string[]> =>
    (await list(filter)).map(({ topic }) => topic);

  test('what is denied again is counted on, whatever comes first, and is there after a restart', async () => {
    await denials().clear();
    await flush(delta({ count: 3, firstAt: 1_000, lastAt: 3_000 }));
    await flush(
      delta({ ip: '10.0.0.8', lastAt: 2_000 }),
      delta({ ip: '10.0.0.8', firstAt: 4_000, lastAt: 5_000 }),
      delta({ username: null, rule: null, by: 'no-match', lastAt: 4_000 }),
    );
    await subject().reopen();
    const [first, second] = await list();
    expect(first).toEqual(
      delta({ ip: '10.0.0.8', count: 5, firstAt: 1_000, lastAt: 5_000, id: first?.id } as Partial<Denial>),
    );
    expect(second).toMatchObject({ username: null, rule: null, by: 'no-match', count: 1 });
    expect(await denials().totals()).toEqual({ since: 1_000, count: 6, aggregated: 0 });
  });

  test('a page follows the other, the last first, of what a filter matches', async () => {
    await denials().clear();
    await flush(
      delta({ topic: 'a/1', clientId: 'one', lastAt: 1_000 }),
      delta({ topic: 'a/2', clientId: 'two', lastAt: 2_000 }),
      delta({ topic: 'b/100%', username: null, action: 'subscribe', lastAt: 3_000 }),
    );
    const request = { limit: 2, sort: { field: 'lastAt', direction: 'desc' } } as const;
    const page = await denials().page({}, request);
    expect(page).toMatchObject({ items: [{ topic: 'b/100%' }, { topic: 'a/2' }], total: 3, prev: null });
    const next = await denials().page({}, { ...request, cursor: page.next ?? '' });
    expect(next).toMatchObject({ items: [{ topic: 'a/1' }], next: null });
    expect(await topics({ topic: { op: 'starts', value: 'a/' } })).toEqual(['a/2', 'a/1']);
    expect(await topics({ topic: { op: 'contains', value: '00%' } })).toEqual(['b/100%']);
    expect(await topics({ clientId: { op: 'eq', value: 'two' } })).toEqual(['a/2']);
    expect(await topics({ username: { op: 'eq', value: 'pump' } })).toEqual(['a/2', 'a/1']);
    expect(await topics({ action: 'subscribe' })).toEqual(['b/100%']);
  });

  test('those that were quiet for longest give way at the bound, and none of them goes uncounted', async () => {
    await denials().clear();
    const { rowsMax, batchMax } = DENIAL_LIMITS;
    const over = 300;
    for (let start = 0; start < rowsMax + over; start += batchMax) {
      const size = Math.min(batchMax, rowsMax + over - start);
      await flush(
        ...Array.from({ length: size }, (_, index) =>
          delta({ topic: `t/${start + index}`, lastAt: 1_000 + start + index, count: 2 }),
        ),
      );
    }
    const oldest = await denials().page({}, { limit: 1, sort: { field: 'lastAt', direction: 'asc' } });
    expect(oldest).toMatchObject({ items: [{ topic: `t/${over}` }], total: rowsMax, totalIsExact: true });
    expect(await denials().totals()).toEqual({
      since: 1_000,
      count: (rowsMax + over) * 2,
      aggregated: over * 2,
    });
  });

  test('what came only as a count is counted; what stays quiet is forgotten; what is cleared is gone', async () => {
    await denials().clear();
    const aggregate = { action: 'publish', by: 'own', count: 7, firstAt: 500, lastAt: 2_000 } as const;
    await denials().flush({ denials: [delta({ topic: 'old' })], aggregates: [aggregate] });
    await denials().flush({
      denials: [delta({ topic: 'new', lastAt: 9_000 })],
      aggregates: [{ ...aggregate, count: 1, firstAt: 8_000, lastAt: 8_000 }],
    });
    expect(await denials().totals()).toEqual({ since: 500, count: 10, aggregated: 8 });
    expect(await denials().sweep(5_000)).toBe(1);
    expect(await denials().sweep(5_000)).toBe(0);
    expect(await topics({})).toEqual(['new']);
    expect(await denials().totals()).toMatchObject({ count: 9, aggregated: 8 });
    expect(await denials().sweep(8_500)).toBe(0);
    expect(await denials().totals()).toEqual({ since: 1_000, count: 1, aggregated: 0 });
    expect(await denials().clear()).toBe(1);
    expect(await denials().totals()).toEqual({ since: null, count: 0, aggregated: 0 });
  });

  test('texts that a database cannot keep cost nobody else’s denial', async () => {
    await denials().clear();
    await flush(delta({ clientId: 'a\0b\ud800', topic: 'x' }), delta({ clientId: 'fine', topic: 'y' }));
    expect((await list()).map(({ clientId }) => clientId).sort()).toEqual(['a\uFFFDb\uFFFD', 'fine']);
  });
});
