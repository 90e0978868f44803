import { ALERT_LIMITS, type AlertDelivery, type AlertRuleWrite, type StoredAlert } from '@gatehouse/ports';
import { afterEach, expect, test } from 'vitest';
import { describeStores } from './support/stores.ts';

const RULE: AlertRuleWrite = {
  name: 'Storm',
  enabled: true,
  condition: { kind: 'refusalRate', perMinute: 10, windowMinutes: 5, family: 'basic' },
  channels: ['c'],
  repeatMinutes: 60,
  resolveAfterSeconds: 300,
  topic: 'storm/basic',
  createdBy: 'Ada',
};
const alert = (id: string, more: Partial<StoredAlert> = {}): StoredAlert => ({
  id,
  ruleId: 'r',
  ruleName: 'Storm',
  condition: RULE.condition,
  subject: '',
  firedAt: 1_000,
  lastAt: 1_000,
  resolvedAt: null,
  value: 12.5,
  peak: 20,
  items: [{ value: '10.0.0.0/24', clientId: 'a\u0000\uD800b' }],
  itemsTotal: 1,
  notifiedAt: null,
  notifications: 0,
  silenced: false,
  ...more,
});
const delivery = (id: string, more: Partial<AlertDelivery> = {}): AlertDelivery => ({
  id,
  channelId: 'c',
  event: 'firing',
  message: '{}',
  attempts: 0,
  nextAt: 1_000,
  createdAt: 1_000,
  ...more,
});
const CHANNEL = {
  id: 'c',
  name: 'Ops',
  enabled: true,
  target: { kind: 'webhook', origin: 'https://hook.test' },
  sealed: 'gh1:x',
  createdBy: 'Ada',
} as const;

describeStores('alerts', (subject) => {
  const setup = () => subject().store.alertSetup;
  const alerts = () => subject().store.alerts;
  afterEach(async () => {
    for (const { id } of await setup().rules()) await setup().removeRule(id);
    for (const { id } of await setup().channels()) await setup().removeChannel(id);
    await alerts().sweep(Number.MAX_SAFE_INTEGER);
  });

  test('a rule is kept whole, its change is guarded, its silences go with it', async () => {
    const made = await setup().createRule(RULE, 1_000);
    if (made.result !== 'ok') throw new Error(made.result);
    const { rule } = made;
    expect(rule).toMatchObject({ ...RULE, version: 1, createdAt: 1_000 });
    expect(await setup().updateRule(rule.id, { ...RULE, name: 'b' }, 2, 2_000)).toMatchObject({
      result: 'version-mismatch',
    });
    expect(await setup().updateRule(rule.id, { ...RULE, name: 'b' }, 1, 2_000)).toMatchObject({
      rule: { name: 'b', version: 2, createdBy: 'Ada', updatedAt: 2_000 },
    });
    await setup().createSilence({
      ruleId: rule.id,
      until: 9_000,
      comment: '',
      createdAt: 1,
      createdBy: 'Ada',
    });
    expect(await setup().silences(8_999)).toHaveLength(1);
    expect(await setup().silences(9_000)).toEqual([]);
    await setup().removeRule(rule.id);
    expect(await setup().silences(1)).toEqual([]);
    expect(await setup().removeRule(rule.id)).toBeNull();
  });

  test('there is room for so many channels, and what waits for one goes with it', async () => {
    for (let count = 0; count < ALERT_LIMITS.channelsMax; count += 1) {
      expect((await setup().createChannel({ ...CHANNEL, id: `c${count}` }, 1)).result).toBe('ok');
    }
    expect(await setup().createChannel(CHANNEL, 1)).toEqual({
      result: 'full',
      max: ALERT_LIMITS.channelsMax,
    });
    await alerts().enqueue([delivery('d', { channelId: 'c0' })]);
    expect(await alerts().waiting()).toEqual({ c0: 1 });
    await setup().removeChannel('c0');
    expect(await alerts().waiting()).toEqual({});
  });

  test('how deliveries went is kept without touching what people set', async () => {
    await setup().createChannel(CHANNEL, 1);
    const { health } = (await setup().channel('c')) ?? {};
    if (health === undefined) throw new Error('no channel');
    await setup().noteHealth('c', { ...health, delivered: 3, lastFailure: 'it answered 500' });
    expect(await setup().channel('c')).toMatchObject({
      version: 1,
      health: { delivered: 3 },
      sealed: 'gh1:x',
    });
  });

  test('what fires and what waits outlive a restart', async () => {
    await alerts().put([alert('a'), alert('b', { resolvedAt: 2_000 })]);
    await alerts().enqueue([delivery('later', { nextAt: 5_000 }), delivery('now')]);
    const store = await subject().reopen();
    const [kept] = await store.alerts.firing();
    expect(kept).toEqual(alert('a'));
    expect((await store.alerts.due(1_000, 10)).map(({ id }) => id)).toEqual(['now']);
    await store.alerts.postpone('now', 1, 4_000);
    expect(await store.alerts.due(3_999, 10)).toEqual([]);
    expect((await store.alerts.due(9_000, 10)).map(({ id }) => id)).toEqual(['now', 'later']);
    await store.alerts.settle('now');
    await store.alerts.settle('later');
    expect(await store.alerts.waiting()).toEqual({});
    await store.alerts.put([alert('a', { resolvedAt: 3_000 })]);
    expect(await store.alerts.firing()).toEqual([]);
  });

  test('the queue is bounded and says what found no room', async () => {
    const many = Array.from({ length: ALERT_LIMITS.queueMax + 2 }, (_, at) => delivery(`q${at}`));
    expect((await alerts().enqueue(many)).map(({ id }) => id)).toEqual(['q1000', 'q1001']);
    for (const { id } of many) await alerts().settle(id);
  });

  test('the history is paged, newest first, and filtered', async () => {
    await alerts().put([
      alert('p1', { firedAt: 10 }),
      alert('p2', { firedAt: 20, resolvedAt: 30 }),
      alert('p3', { firedAt: 20, condition: { kind: 'newReason' }, ruleId: 'other' }),
    ]);
    const request = { limit: 2, sort: { field: 'firedAt', direction: 'desc' } } as const;
    const ids = (found: { readonly items: readonly StoredAlert[] }) => found.items.map(({ id }) => id);
    const first = await alerts().page({ ruleId: 'r' }, { ...request, limit: 1 });
    expect(first.next).not.toBeNull();
    expect(ids(await alerts().page({ kind: 'newReason' }, request))).toEqual(['p3']);
    expect(ids(await alerts().page({ firing: true, ruleId: 'other' }, request))).toEqual(['p3']);
    const all = await alerts().page({}, request);
    const rest = await alerts().page({}, { ...request, limit: 50, cursor: all.next ?? '' });
    const order = [...ids(all), ...ids(rest)];
    expect(order.indexOf('p2')).toBeLessThan(order.indexOf('p1'));
    expect(new Set(order).size).toBe(order.length);
    await alerts().put([alert('p1', { resolvedAt: 1 }), alert('p3', { resolvedAt: 1 })]);
  });

  test('what was seen is remembered across a restart, and the longest unseen goes first', async () => {
    await alerts().remember([
      { kind: 'network', value: '10.0.0.0/24', at: 1, firstAt: 1 },
      { kind: 'reason', value: 'BASIC_NO_CREDENTIALS', at: 1, firstAt: 0 },
    ]);
    await alerts().remember([{ kind: 'network', value: '10.0.0.0/24', at: 5, firstAt: 5 }]);
    const store = await subject().reopen();
    expect(await store.alerts.seen('network')).toEqual(['10.0.0.0/24']);
    expect(await store.alerts.seen('reason')).toEqual(['BASIC_NO_CREDENTIALS']);
    // A later sighting leaves the first one as it was; of what was there before this was kept, there is none.
    const range = { from: 1, to: 9 };
    expect(await store.alerts.firstSeen('network', range, 5)).toEqual([{ value: '10.0.0.0/24', firstAt: 1 }]);
    expect(await store.alerts.firstSeen('network', { from: 2, to: 9 }, 5)).toEqual([]);
    expect(await store.alerts.firstSeen('reason', range, 5)).toEqual([]);
  });
});
