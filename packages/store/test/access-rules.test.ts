import type { AccessRuleWrite, StoredAccessRule } from '@gatehouse/ports';
import { afterEach, expect, test } from 'vitest';
import { describeStores } from './support/stores.ts';

const write = (topic: string, more: Partial<AccessRuleWrite> = {}): AccessRuleWrite => ({
  permission: 'deny',
  who: 'all',
  action: 'all',
  topics: [topic],
  comment: '',
  createdBy: 'Ada',
  ...more,
});

describeStores('access rules', (subject) => {
  const rules = () => subject().store.accessRules;
  const make = async (
    topic: string,
    place: Parameters<ReturnType<typeof rules>['create']>[1] = { phase: 'before' },
    more: Partial<AccessRuleWrite> = {},
  ): Promise<StoredAccessRule> => {
    const made = await rules().create(write(topic, more), place, 1_000);
    if (made.result !== 'ok') throw new Error(made.result);
    return made.rule;
  };
  const order = async () => (await rules().all()).map(({ topics }) => topics[0]);
  afterEach(async () => {
    for (const { id } of await rules().all()) await rules().remove(id);
  });

  test('a rule is kept whole, also after a restart', async () => {
    const made = await make(
      'a/${cn}',
      { phase: 'after' },
      {
        permission: 'allow',
        who: { or: [{ and: [{ username: 'u' }, { ip: '10.0.0.0/8' }] }, { tag: 't' }] },
        qos: [0, 1],
        retain: false,
        comment: 'why',
      },
    );
    expect(made).toMatchObject({
      phase: 'after',
      version: 1,
      createdAt: 1_000,
      createdBy: 'Ada',
      retain: false,
    });
    const store = await subject().reopen();
    expect(await store.accessRules.get(made.id)).toEqual(made);
    expect(await store.accessRules.all()).toEqual([made]);
  });

  test('rules stand where they are put: those before the client’s own first', async () => {
    await make('z', { phase: 'after' });
    await make('b');
    await make('c');
    await make('a', { phase: 'before', index: 0 });
    await make('d', { phase: 'before', index: 99 });
    expect(await order()).toEqual(['a', 'b', 'c', 'd', 'z']);
  });

  test('a rule moves within its phase and into the other, and its version tells', async () => {
    const a = await make('a');
    await make('b');
    await make('c');
    expect(await rules().move(a.id, { phase: 'before', index: 1 }, 2_000)).toMatchObject({
      version: 2,
      updatedAt: 2_000,
    });
    expect(await order()).toEqual(['b', 'a', 'c']);
    await rules().move(a.id, { phase: 'after' }, 2_000);
    expect(await order()).toEqual(['b', 'c', 'a']);
    expect(await rules().move('nobody', { phase: 'after' }, 2_000)).toBeNull();
  });

  test('the gap between two neighbours never runs out', async () => {
    await make('first');
    await make('last');
    for (let count = 0; count < 30; count += 1) await make(String(count), { phase: 'before', index: 1 });
    expect(await order()).toEqual([
      'first',
      ...Array.from({ length: 30 }, (_, at) => String(29 - at)),
      'last',
    ]);
  });

  test('a change is guarded by the version and replaces the whole', async () => {
    const { id } = await make('a', { phase: 'before' }, { qos: [2], comment: 'old' });
    expect(await rules().update(id, write('b', { comment: 'new' }), 2, 3_000)).toMatchObject({
      result: 'version-mismatch',
    });
    const changed = await rules().update(id, write('b', { comment: 'new' }), 1, 3_000);
    expect(changed).toMatchObject({ result: 'ok', rule: { version: 2, comment: 'new', topics: ['b'] } });
    expect(changed).not.toHaveProperty('rule.qos');
    expect(await rules().update('nobody', write('b'), undefined, 3_000)).toEqual({ result: 'not-found' });
    expect(await rules().remove(id)).toMatchObject({ id });
    expect(await rules().remove(id)).toBeNull();
  });
});
