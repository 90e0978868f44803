// `npm run faults [-- file …] [-t NAME]`: the faults of the broker and its journal, many rounds each, and those across nodes
// (e2e/faults: three servers, PostgreSQL, NATS, network namespaces as root), with the closing line of `npm test`.
// `npm run faults -- --only failedLogins [--count N] [--distinct]`: one of those around a real server (bench/faults.mjs).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/prepare.mjs';
import { root } from './lib/run.mjs';
import { ensurePrograms } from './lib/services.mjs';
import { Report } from './lib/stages.mjs';

/** Rounds of kill -9 (quality.md, reliability). */
const ROUNDS = '100';
/** Seeds of the simulation of sessions, router and journal. */
const SEEDS = '10000';
const OF_ONE = ['packages/broker/test/faults', 'packages/broker/test/simulation'];
const ACROSS_NODES = ['e2e/faults'];

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
for (const program of await ensurePrograms(console.log, { faults: true })) report.missing(program);
const args = process.argv.slice(2);
const named = args.indexOf('-t');
const name = named === -1 ? [] : args.splice(named, 2);
const wanted = args.length === 0 ? [...OF_ONE, ...ACROSS_NODES] : args;
const isAcross = (file) => file.startsWith(ACROSS_NODES[0]);
const ofOne = wanted.filter((file) => !isAcross(file));
const across = wanted.filter(isAcross);
if (ofOne.length > 0)
  await report.vitest('faults', [...ofOne, ...name], {
    GATEHOUSE_FAULT_ROUNDS: ROUNDS,
    GATEHOUSE_SIMULATION_SEEDS: SEEDS,
  });
if (across.length > 0) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  const results = join(folder, 'measured');
  await report.vitest(
    'faults across nodes',
    ['--config', 'e2e/faults/vitest.config.ts', '--root', root, ...across, ...name],
    { FAULT_RESULTS: results },
  );
  if (existsSync(results)) {
    const rows = readFileSync(results, 'utf8').trim().split('\n');
    for (const { row, ...facts } of rows.map((line) => JSON.parse(line))) {
      const said = Object.entries(facts).map(([what, value]) => `${what}: ${value}`);
      console.log(`  ${row}: ${said.join('; ')}`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
report.close();
