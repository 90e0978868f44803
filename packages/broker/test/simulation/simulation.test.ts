import { expect, test } from 'vitest';
import { OneSite } from './one-site.ts';
import { SeveralSites } from './several-sites.ts';
import type { Site } from './site.ts';
import type { Random } from './random.ts';
import { World } from './world.ts';

/** `GATEHOUSE_SIMULATION_SEED=N` repeats one, `GATEHOUSE_SIMULATION_SEEDS=N` runs that many. */
const ONE = process.env['GATEHOUSE_SIMULATION_SEED'];
const SEEDS = Number(process.env['GATEHOUSE_SIMULATION_SEEDS'] ?? '500');
const STEPS = 400;
/** Enough for ten thousand seeds on a busy machine. */
const TEST_MS = 3_600_000;

const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(ONE)];

/** Runs every seed; returns what was violated, with how to repeat it. */
async function violationsOf(siteOf: (random: Random) => Site): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const seed of seeds) {
    const world = new World(seed, siteOf);
    await world.run(STEPS);
    const { violations } = world.record;
    if (violations.length > 0)
      failed.push(`GATEHOUSE_SIMULATION_SEED=${seed}: ${violations.slice(0, 3).join('; ')}`);
  }
  return failed;
}

test(
  'whatever fails and in whichever order, what was acknowledged is kept, once at QoS 2, in order; wills come once; retained messages and sessions stay',
  async () => {
    const failed = await violationsOf(() => new OneSite());
    expect(failed.slice(0, 5), `${failed.length} of ${seeds.length} seeds`).toEqual([]);
  },
  TEST_MS,
);

test(
  'the same with three nodes that fail, come back and take over from each other, whose bus loses some of what is said',
  async () => {
    const failed = await violationsOf((random) => new SeveralSites(random));
    expect(failed.slice(0, 5), `${failed.length} of ${seeds.length} seeds`).toEqual([]);
  },
  TEST_MS,
);

test('a disk that forgets what it has taken is found out', async () => {
  const violations: string[] = [];
  for (let seed = 1; seed <= 60; seed += 1) {
    const world = new World(seed, () => new OneSite({ forgets: true }));
    await world.run(STEPS);
    violations.push(...world.record.violations);
  }
  for (const kind of ['never got it', 'has lost its session', 'at QoS 2'])
    expect(violations.some((violation) => violation.includes(kind))).toBe(true);
});
