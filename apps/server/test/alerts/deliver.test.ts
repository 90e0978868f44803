import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALERT_LIMITS, type SendOutcome, type Store } from '@gatehouse/ports';
import { openStore } from '@gatehouse/store';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliverDue } from '../../src/alerts/deliver.ts';

let dir: string;
let store: Store;
let now = 0;
let outcome: SendOutcome = { ok: true };
let sent: string[] = [];
const logged: string[] = [];
const clock = { now: () => now, monotonic: () => now, after: () => () => undefined };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-deliver-'));
  store = await openStore({ url: '', dataDir: dir, clock });
});
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  now = 1_000_000;
  sent = [];
  outcome = { ok: true };
  await store.alertSetup.removeChannel('c');
  const target = { kind: 'mqtt', retain: false } as const;
  await store.alertSetup.createChannel(
    { id: 'c', name: 'Ops', enabled: true, target, sealed: null, createdBy: 'Ada' },
    now,
  );
});

const enqueue = (...ids: readonly string[]) =>
  store.alerts.enqueue(
    ids.map((id) => ({
      id,
      channelId: 'c',
      event: 'firing' as const,
      message: '{}',
      attempts: 0,
      nextAt: now,
      createdAt: now,
    })),
  );
const round = () =>
  deliverDue({
    store,
    now: () => now,
    log: { warn: (_facts: unknown, text?: string) => void logged.push(text ?? '') },
    send: (_channel, _message, id) => {
      sent.push(id);
      return Promise.resolve(outcome);
    },
  });
const health = async () => (await store.alertSetup.channel('c'))?.health;

test('what is delivered is gone from the queue and counted at its channel', async () => {
  await enqueue('a', 'b');
  await round();
  expect(sent).toEqual(['a', 'b']);
  expect(await health()).toMatchObject({ delivered: 2, failuresInARow: 0, lastDeliveredAt: now });
  expect(await store.alerts.waiting()).toEqual({});
});

test('a channel that fails keeps its order: the later message is not tried before the first', async () => {
  outcome = { ok: false, failure: 'it answered 500' };
  await enqueue('a', 'b');
  await round();
  expect(sent).toEqual(['a']);
  expect(await health()).toMatchObject({ failuresInARow: 1, lastFailure: 'it answered 500', gaveUp: 0 });
  now += 4_999;
  await round();
  expect(sent).toEqual(['a']);
  outcome = { ok: true };
  now += 1;
  await round();
  expect(sent).toHaveLength(3);
  expect(await health()).toMatchObject({ failuresInARow: 0, delivered: 2 });
});

test('a message is tried with growing pauses and given up after a bounded number of attempts, never silently', async () => {
  outcome = { ok: false, failure: 'unreachable' };
  await enqueue('a');
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= ALERT_LIMITS.deliveryAttemptsMax; attempt += 1) {
    await round();
    const [next] = await store.alerts.due(Number.MAX_SAFE_INTEGER, 1);
    if (next === undefined) break;
    pauses.push((next.nextAt - now) / 1_000);
    now = next.nextAt;
  }
  expect(pauses).toEqual([5, 15, 60, 300, 900, 3_600, 7_200, 7_200, 7_200, 7_200, 7_200]);
  expect(sent).toHaveLength(ALERT_LIMITS.deliveryAttemptsMax);
  expect(await health()).toMatchObject({ gaveUp: 1, lastFailure: 'unreachable' });
  expect(logged).toContain('a message about an alert was given up');
});
