// `npm run faults [-- file …]`: the faults of the broker and its journal, many rounds each, with the closing line of `npm test`.
import { ensureBuilt, ensureInstalled, requireNode } from './lib/prepare.mjs';
import { ensurePrograms } from './lib/services.mjs';
import { Report } from './lib/stages.mjs';

/** Rounds of kill -9 (quality.md, reliability). */
const ROUNDS = '100';

requireNode();
await ensureInstalled(console.log);
await ensureBuilt(console.log);
const report = new Report();
for (const program of await ensurePrograms(console.log)) report.missing(program);
const wanted = process.argv.slice(2);
const files = wanted.length === 0 ? ['packages/broker/test/faults'] : wanted;
await report.vitest('faults', files, { GATEHOUSE_FAULT_ROUNDS: ROUNDS });
report.close();
