#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { bundleIsFresh } from '../scripts/fingerprint.mjs';

// On one core the threads that collect garbage beside the program only take the core from it. Before anything is loaded:
// V8 does not survive it while a collection is on its way (docs/adr/0028).
const COLLECT_IN_TURN = [
  '--no-concurrent-marking',
  '--no-concurrent-sweeping',
  '--no-concurrent-array-buffer-sweeping',
  '--no-parallel-scavenge',
  '--no-parallel-compaction',
  '--no-parallel-pointer-update',
];
if (availableParallelism() === 1) COLLECT_IN_TURN.forEach((flag) => setFlagsFromString(flag));

// The bundle is the same code in fewer files; it is passed over while sources were built and not bundled.
const main = new URL(bundleIsFresh() ? '../bundle/main.js' : '../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  process.stderr.write(
    'gatehouse: not built yet. Run `npm start` once, or `npm install && npm run build`.\n',
  );
  process.exit(1);
}
const { run } = await import(main.href);
process.exitCode = await run(process.argv.slice(2));
