// `npm run bench [-- name …]`: each bench by itself, one after the other; results in bench/results/.
import { ensureBuilt, ensureInstalled, requireNode } from './lib/prepare.mjs';
import { run } from './lib/run.mjs';

const BENCHES = [
  'connect',
  'refused-storm',
  'visible',
  'import',
  'messages',
  'capacity',
  'faults',
  'table-million',
  'console',
];

requireNode();
await ensureInstalled(console.log);
await ensureBuilt(console.log);
const wanted = process.argv.slice(2);
for (const name of BENCHES.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  console.log(`\n── ${name}`);
  const { code } = await run(process.execPath, [`bench/${name}.mjs`], { show: true });
  if (code !== 0) process.exitCode = 1;
}
