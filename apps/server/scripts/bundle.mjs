// Joins the built modules of server, packages and libraries into few files: a process that starts resolves, reads and
// compiles fifty of them rather than two thousand (docs/adr/0034).
import { rmSync, writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleFolder, fingerprint, fingerprintFile } from './fingerprint.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const server = fileURLToPath(new URL('../', import.meta.url));

/** Native code, code that finds its own files, and drivers that most servers never load. */
const STAY_OUTSIDE =
  /^(libsql|@libsql\/.*|@node-rs\/.*|@prisma\/client|pino|thread-stream|re2js|mongodb|ioredis|mysql2|ldapts|undici|next)(\/|$)/;

/** The one place that names a thread of the bundle. */
const CONTROL_THREAD = "new URL('../../dist/control/worker.js', import.meta.url)";

let threadsNamed = 0;

/** Modules go on finding their files where they lay: only the control thread's code is in the bundle as well. */
const keepPlaces = {
  name: 'keep-places',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return null;
    const parts = code.split(CONTROL_THREAD);
    threadsNamed += parts.length - 1;
    const place = JSON.stringify(relative(root, id).split(sep).join('/'));
    return parts
      .map((part) => part.replaceAll('import.meta.url', `new URL(${place}, WORKSPACE).href`))
      .join("new URL('./control.js', import.meta.url)");
  },
};

const before = fingerprint();
rmSync(bundleFolder, { recursive: true, force: true });
const build = await rolldown({
  input: { main: `${server}dist/cli/main.js`, control: `${server}dist/control/worker.js` },
  platform: 'node',
  external: STAY_OUTSIDE,
  plugins: [keepPlaces],
  // Libraries have cycles and a parser of their own that evaluates; neither is ours to mend.
  checks: { circularDependency: false, eval: false },
});
await build.write({
  dir: bundleFolder,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  banner: "const WORKSPACE = new URL('../../../', import.meta.url);",
  // Comments only: names and lines stay, so that a stack trace can be read.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: false } },
});
await build.close();
if (threadsNamed !== 1)
  throw new Error(
    `the control thread's address stands ${String(threadsNamed)} times in the code, expected once`,
  );
writeFileSync(fingerprintFile, before);
