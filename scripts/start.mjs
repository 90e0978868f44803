// `npm start`: install what is missing, build what is stale, run the server in this process.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/prepare.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

requireNode();
await ensureInstalled(say);
const consoleBuilt = existsSync(fileURLToPath(new URL('../apps/console/.next/BUILD_ID', import.meta.url)));
if (!consoleBuilt) say('Building (the first time takes about a minute; later starts take seconds) …');
await ensureBuilt(say);

const { run } = await import('../apps/server/dist/cli/main.js');
process.exitCode = await run(['start', ...process.argv.slice(2)]);
