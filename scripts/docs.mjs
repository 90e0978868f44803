// Documents that are generated from code: `npm run docs` writes them, `--check` fails when one is stale.
import { bin, run } from './lib/run.mjs';

const check = process.argv.includes('--check');
const generators = [
  { name: 'docs/reasons', script: 'scripts/docs-reasons.mjs' },
  { name: 'docs/reference/configuration.md', script: 'scripts/docs-configuration.mjs' },
  { name: 'docs/reference/capacity.md', script: 'scripts/docs-capacity.mjs' },
  { name: 'docs/reference/api.md', script: 'scripts/docs-api.mjs' },
  { name: 'docs/reference/conformance.md', script: 'scripts/docs-conformance.mjs' },
];

let stale = 0;
for (const { name, script } of generators) {
  const result = await run(process.execPath, [script, ...(check ? ['--check'] : [])]);
  if (result.code === 0) continue;
  stale += 1;
  process.stderr.write(`${name}: ${check ? 'stale; run `npm run docs`' : 'failed'}\n${result.output}\n`);
}
if (!check) await run(bin('prettier'), ['--write', '--log-level=warn', 'docs/reference']);
process.exitCode = stale === 0 ? 0 : 1;
