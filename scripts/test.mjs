// `npm test`: everything, on a fresh clone. Installs what is missing, starts the servers that tests talk to.
import { ensureBuilt, ensureInstalled, requireNode } from './lib/prepare.mjs';
import { root } from './lib/run.mjs';
import { ensurePrograms, startPostgres } from './lib/services.mjs';
import { staticChecks } from './lib/static-checks.mjs';
import { Report } from './lib/stages.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
const report = new Report();

requireNode();
await ensureInstalled(say);
for (const what of await ensurePrograms(say)) report.missing(what);
await ensureBuilt(say);
await staticChecks(report);

const postgres = await startPostgres(say);
if (postgres === undefined) report.missing('a PostgreSQL server to run the store contract against');
const env = postgres === undefined ? {} : { GATEHOUSE_TEST_POSTGRES_URL: postgres.url };
try {
  await report.vitest('unit and integration', ['--root', root], env);
  await report.vitest('end to end', ['--config', 'e2e/vitest.config.ts', '--root', root], env);
} finally {
  await postgres?.stop();
}
report.close();
