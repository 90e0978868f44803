// "Installs what is missing, builds what is stale": shared by `npm start` and `npm test`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, run } from './run.mjs';

const NODE_MIN = [20, 19];
const stampFile = join(root, 'node_modules', '.gatehouse-lock');

/** Ends the process with a message when this Node cannot run Gatehouse. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  process.stderr.write(
    `Gatehouse needs Node ${NODE_MIN.join('.')} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Installs from the lockfile when node_modules is missing or belongs to another lockfile. */
export async function ensureInstalled(say) {
  const wanted = lockHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  say('Installing dependencies (once; about a minute or two) …');
  const result = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.code !== 0) fail('npm ci failed', result.output);
  writeFileSync(stampFile, wanted);
}

/** Builds packages, server and console where their inputs changed (turbo keeps the rest). */
export async function ensureBuilt(say) {
  const started = performance.now();
  const result = await run(bin('turbo'), [
    'run',
    'build',
    '--output-logs=errors-only',
    '--no-update-notifier',
  ]);
  if (result.code !== 0) fail('the build failed', result.output);
  const seconds = (performance.now() - started) / 1000;
  if (seconds > 5) say(`Built in ${seconds.toFixed(0)} s.`);
}

function fail(what, output) {
  process.stderr.write(`\n${output}\nGatehouse: ${what} (see above).\n`);
  process.exit(1);
}
