// `npm run verify`: the inner loop. Static checks and unit tests; no browser, no outside servers.
import { ensureInstalled, requireNode } from './lib/prepare.mjs';
import { bin, root } from './lib/run.mjs';
import { staticChecks } from './lib/static-checks.mjs';
import { Report } from './lib/stages.mjs';

requireNode();
await ensureInstalled((text) => process.stdout.write(`${text}\n`));
const report = new Report();
const built = await report.check('build (packages, server)', bin('turbo'), [
  'run',
  'build',
  '--filter=!@gatehouse/console',
  '--output-logs=errors-only',
]);
if (built) {
  await staticChecks(report);
  await report.vitest('unit', ['--root', root, 'packages']);
}
report.close();
