import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { costOf } from '../src/cost.ts';
import { HashPool, type Lane } from '../src/hash-pool.ts';
import { isInvalid } from '../src/stored-form.ts';
import { parseStoredHash } from '../src/stored-hash.ts';
import { BCRYPT_PUBLIC, ManualClock, SILENT_WORKER, bytes } from './support.ts';

const open: HashPool[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

const make = (workerUrl: URL, clock = new ManualClock(), queueMsMax = 1_000_000): HashPool => {
  const pool = new HashPool({ workers: 1, queueMsMax, workerUrl, clock });
  open.push(pool);
  return pool;
};

const BUILT_WORKER = new URL('../dist/worker.js', import.meta.url);

const submit = async (pool: HashPool, lane: Lane) => {
  const form = parseStoredHash(BCRYPT_PUBLIC);
  if (isInvalid(form)) throw new Error(form.invalid);
  return pool.run({ kind: 'check', form, password: bytes('public') }, costOf(form), lane);
};

test('a storm of devices does not starve people, nor the other way round', async () => {
  const pool = make(BUILT_WORKER);
  const order: Lane[] = [];
  const lanes: readonly Lane[] = [...Array<Lane>(12).fill('devices'), ...Array<Lane>(3).fill('people')];
  await Promise.all(
    lanes.map(async (lane) => {
      await submit(pool, lane);
      order.push(lane);
    }),
  );
  expect(order.map((lane) => (lane === 'people' ? 'P' : 'd')).join('')).toBe('ddddPddddPddddP');
});

/** Niceness of a thread (`/proc/PID/task/TID/stat`, field 19). */
function niceness(thread: string): number {
  const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}
const nicerThreads = (): number =>
  readdirSync('/proc/self/task').filter((thread) => niceness(thread) > niceness(String(process.pid))).length;

test.runIf(process.platform === 'linux')('a hash waits for messages, and no other thread does', async () => {
  expect(nicerThreads()).toBe(0);
  await submit(make(BUILT_WORKER), 'devices');
  expect(nicerThreads()).toBe(1);
});

test('a running job counts for what it is still expected to take, and an idle pool for nothing', async () => {
  const clock = new ManualClock();
  const pool = make(SILENT_WORKER, clock);
  expect(pool.queueMs).toBe(0);
  const pending = [submit(pool, 'devices'), submit(pool, 'devices')];
  const before = pool.queueMs;
  clock.ms += 1;
  expect(pool.queueMs).toBeCloseTo(before - 1);
  clock.ms += 60_000;
  expect(pool.queueMs).toBeCloseTo(before / 2);
  const outcomes = Promise.allSettled(pending);
  await pool.close();
  expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect([pool.queued, pool.queueMs]).toEqual([0, 0]);
});

test('a device that has waited longer than the queue may be is told so and hashed no more; people wait', async () => {
  const clock = new ManualClock();
  const pool = make(BUILT_WORKER, clock, 2_000);
  const first = submit(pool, 'devices');
  const [late, person] = [submit(pool, 'devices'), submit(pool, 'people')];
  clock.ms += 2_001;
  const next = submit(pool, 'devices');
  expect(await Promise.all([first, late, person, next])).toEqual([
    { kind: 'check', match: true },
    { kind: 'too-late' },
    { kind: 'check', match: true },
    { kind: 'check', match: true },
  ]);
  expect(pool.queued).toBe(0);
});
