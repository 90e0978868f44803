import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptBatch, Store } from '@gatehouse/ports';
import { openStore } from '@gatehouse/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeRound } from '../../src/alerts/engine.ts';
import { openSeenMemory, type SeenMemory } from '../../src/alerts/seen.ts';
import { deltaOf, type Refusal } from '../api/support/refused.ts';

const START = 1_790_000_000_000;
const HOUR = 3_600_000;

let dir: string;
let store: Store;
let now = START;
beforeEach(async () => {
  now = START;
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-seen-'));
  const clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  store = await openStore({ url: '', dataDir: dir, clock });
});
afterEach(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

const batch = (...refusals: readonly Refusal[]): AttemptBatch => ({
  deltas: refusals.map((refusal) => deltaOf(refusal, now)),
  aggregates: [],
  logins: [],
  node: 'a',
});
/** A round of the alerts that fires nothing. */
async function round(memory: SeenMemory, at: number) {
  const sightings = memory.pending(at);
  await storeRound(store, { changed: [], deliveries: [], entries: sightings.entries });
  memory.settle(sightings);
  return sightings.news;
}
const firstTimes = async (kind: 'reason' | 'network') =>
  (await store.alerts.firstSeen(kind, { from: 0, to: now + 10 * HOUR }, 10)).map(
    ({ value, firstAt }) => [value, firstAt] as const,
  );

test('a reason and a network are news once, with the client that showed them and the time of its attempt', async () => {
  const memory = await openSeenMemory(store, now);
  memory.notice(batch({ clientId: 'pump-7', ip: '10.4.0.17' }, { clientId: 'pump-8', ip: '10.4.0.99' }));
  now += 4_000;
  expect(await round(memory, now)).toEqual({
    reason: [{ value: 'BASIC_PASSWORD_MISMATCH', clientId: 'pump-7' }],
    network: [{ value: '10.4.0.0/24', clientId: 'pump-7' }],
  });
  memory.notice(batch({ clientId: 'pump-9', ip: '10.4.0.1' }));
  expect(await round(memory, now)).toEqual({ reason: [], network: [] });
  expect(await firstTimes('reason')).toEqual([['BASIC_PASSWORD_MISMATCH', START]]);
  expect(await firstTimes('network')).toEqual([['10.4.0.0/24', START]]);
});

test('what a storm only counted is seen too, of no client', async () => {
  const memory = await openSeenMemory(store, now);
  const reason = 'ANONYMOUS_DENIED' as const;
  const counted = { network: '2001:db8::/64', reason, attempts: 9_000, firstAt: now, lastAt: now };
  memory.notice({ ...batch(), aggregates: [counted] });
  expect(await round(memory, now)).toEqual({
    reason: [{ value: reason, clientId: null }],
    network: [{ value: '2001:db8::/64', clientId: null }],
  });
});

test('a restart remembers: nothing is news twice', async () => {
  const before = await openSeenMemory(store, now);
  before.notice(batch({}));
  await round(before, now);
  const after = await openSeenMemory(store, now);
  after.notice(batch({}, { ip: '192.0.2.1' }));
  expect(await round(after, now)).toEqual({
    reason: [],
    network: [{ value: '192.0.2.0/24', clientId: 'pump-7' }],
  });
});

test('where nothing is remembered yet, what the table of refused clients holds is no news, of unknown age', async () => {
  await store.unauthorized.flush(batch({}), now);
  const memory = await openSeenMemory(store, now + 1);
  memory.notice(batch({}));
  expect(await round(memory, now + 1)).toEqual({ reason: [], network: [] });
  expect((await firstTimes('network')).every(([, firstAt]) => firstAt === 0)).toBe(true);
  expect(await store.alerts.seen('network')).toEqual(['10.4.0.0/24']);
});

test('news of a round that could not be stored are told in the next, with what came meanwhile', async () => {
  const memory = await openSeenMemory(store, now);
  memory.notice(batch({}));
  const failed = memory.pending(now);
  // Two messages of one id: the store takes the news, and then refuses the second message.
  const message = { id: 'a', channelId: 'c', event: 'firing', message: '{}', attempts: 0 } as const;
  const twice = [message, message].map((one) => ({ ...one, nextAt: now, createdAt: now }));
  await expect(
    storeRound(store, { changed: [], deliveries: twice, entries: failed.entries }),
  ).rejects.toThrow();
  expect(await store.alerts.seen('reason')).toEqual([]);
  memory.notice(batch({ ip: '192.0.2.1' }));
  expect((await round(memory, now)).network.map(({ value }) => value)).toEqual([
    '10.4.0.0/24',
    '192.0.2.0/24',
  ]);
  expect(await round(memory, now)).toEqual({ reason: [], network: [] });
});

test('of more than a thousand at once the others are news when they come again', async () => {
  const memory = await openSeenMemory(store, now);
  const networks = Array.from({ length: 1_001 }, (_, at) => `10.${String(at >> 8)}.${String(at & 255)}.1`);
  const all = batch(...networks.map((ip) => ({ ip })));
  memory.notice(all);
  expect((await round(memory, now)).network).toHaveLength(1_000);
  memory.notice(all);
  expect((await round(memory, now)).network).toEqual([{ value: '10.3.232.0/24', clientId: 'pump-7' }]);
});
