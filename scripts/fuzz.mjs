// `npm run fuzz`: a million packets, right and wrong, against a real broker. `--seed N` repeats a run, `--count N` sets
// how many packets; both are printed, and what fails names its conversation.
import { parseArgs } from 'node:util';
import { bin, root, run } from './lib/run.mjs';

const SEEDS = 0x1_0000_0000;
const { values } = parseArgs({ options: { seed: { type: 'string' }, count: { type: 'string' } } });
const seed = values.seed ?? String(Math.floor(Math.random() * SEEDS));
const count = values.count ?? '1000000';
for (const [name, value] of Object.entries({ seed, count })) {
  if (/^\d+$/.test(value)) continue;
  process.stderr.write(`--${name} takes a number, not "${value}"\n`);
  process.exit(2);
}

process.stdout.write(`seed ${seed}, ${count} packets: npm run fuzz -- --seed ${seed} --count ${count}\n`);
const { code } = await run(
  bin('vitest'),
  ['run', 'packages/broker/test/fuzz', '--root', root, '--disableConsoleIntercept'],
  { env: { FUZZ_SEED: seed, FUZZ_COUNT: count }, show: true },
);
process.exitCode = code;
