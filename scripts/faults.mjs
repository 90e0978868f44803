// `npm run faults [-- file …]`: the faults of the broker and its journal, many rounds each, with the closing line of `npm test`.
// `npm run faults -- --only failedLogins [--count N] [--distinct]`: one of those around a real server (bench/faults.mjs).
import { spawnSync } from 'node:child_process';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/prepare.mjs';
import { ensurePrograms } from './lib/services.mjs';
import { Report } from './lib/stages.mjs';

/** Rounds of kill -9 (quality.md, reliability). */
const ROUNDS = '100';
/** Seeds of the simulation of sessions, router and journal. */
const SEEDS = '10000';

requireNode();
await ensureInstalled(console.log);
await ensureBuilt(console.log);
if (process.argv.includes('--only')) {
  const run = spawnSync(process.execPath, ['bench/faults.mjs', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(run.status ?? 1);
}
const report = new Report();
for (const program of await ensurePrograms(console.log)) report.missing(program);
const wanted = process.argv.slice(2);
const files =
  wanted.length === 0 ? ['packages/broker/test/faults', 'packages/broker/test/simulation'] : wanted;
await report.vitest('faults', files, {
  GATEHOUSE_FAULT_ROUNDS: ROUNDS,
  GATEHOUSE_SIMULATION_SEEDS: SEEDS,
});
report.close();
