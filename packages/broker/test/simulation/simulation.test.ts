import { expect, test } from 'vitest';
import { World } from './world.ts';

/** `GATEHOUSE_SIMULATION_SEED=N` repeats one, `GATEHOUSE_SIMULATION_SEEDS=N` runs that many. */
const ONE = process.env['GATEHOUSE_SIMULATION_SEED'];
const SEEDS = Number(process.env['GATEHOUSE_SIMULATION_SEEDS'] ?? '500');
const STEPS = 400;
/** Enough for ten thousand seeds on a busy machine. */
const TEST_MS = 3_600_000;

test(
  'whatever fails and in whichever order, what was acknowledged is kept, once at QoS 2, in order; wills come once; retained messages and sessions stay',
  async () => {
    const failed: string[] = [];
    const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(ONE)];
    for (const seed of seeds) {
      const world = new World(seed);
      await world.run(STEPS);
      const { violations } = world.record;
      if (violations.length > 0)
        failed.push(`GATEHOUSE_SIMULATION_SEED=${seed}: ${violations.slice(0, 3).join('; ')}`);
    }
    expect(failed.slice(0, 5), `${failed.length} of ${seeds.length} seeds`).toEqual([]);
  },
  TEST_MS,
);

test('a disk that forgets what it has taken is found out', async () => {
  const violations: string[] = [];
  for (let seed = 1; seed <= 60; seed += 1) {
    const world = new World(seed, { forgets: true });
    await world.run(STEPS);
    violations.push(...world.record.violations);
  }
  for (const kind of ['never got it', 'has lost its session', 'at QoS 2'])
    expect(violations.some((violation) => violation.includes(kind))).toBe(true);
});
