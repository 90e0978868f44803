// `npm run release -- FOLDER`: what runs, and nothing that builds or tests it, in a folder of its own: the image is made
// of it, and `node FOLDER/apps/server/bin/gatehouse.js start` needs nothing else but Node.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { root, run } from './lib/run.mjs';

/** Workspaces of the product; the others measure and test it. */
const PRODUCT = ['packages/*', 'apps/*'];
/** Beside each package's `package.json` and `dist`. */
const ALSO = [
  'LICENSE',
  'docs/guides',
  'docs/reasons',
  'docs/reference',
  'docs/adr',
  'prisma/postgresql/migrations',
  'prisma/sqlite/migrations',
  'apps/server/bin',
  'apps/server/bundle',
  'apps/server/scripts/fingerprint.mjs',
  'apps/console/.next',
  'apps/console/api-passage.mjs',
  'apps/console/mqtt-passage.mjs',
  'apps/console/next.config.ts',
  'apps/console/server.mjs',
  'deploy/health.mjs',
];
/** What a build keeps for the next one, and maps that lead to sources which are not there. */
const LEFT_OUT =
  /(?:\/\.next\/(?:cache|diagnostics|types|trace|trace-build|turbopack)$)|(?:\.(?:map|d\.ts)$)/;

const folder = resolve(process.argv[2] ?? '');
if (process.argv[2] === undefined || (existsSync(folder) && readdirSync(folder).length > 0)) {
  process.stderr.write('npm run release -- FOLDER, one that is empty or is not there yet\n');
  process.exit(2);
}

const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

function put(path, { asked }) {
  const from = join(root, path);
  if (!existsSync(from)) {
    if (!asked) return;
    throw new Error(`${path} is not there: run \`npm run build\` first`);
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(from, join(folder, path), { recursive: true, filter: (source) => !LEFT_OUT.test(source) });
}

const members = PRODUCT.flatMap((pattern) => {
  const parent = dirname(pattern);
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
});
for (const member of members) {
  put(`${member}/package.json`, { asked: true });
  put(`${member}/dist`, { asked: false });
}
for (const path of ALSO) put(path, { asked: true });

// The lock file's own versions; npm takes what it does not name out of the rest.
const { devDependencies: _, scripts: _scripts, ...manifest } = read('package.json');
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ ...manifest, workspaces: PRODUCT }, null, 2)}\n`,
);
put('package-lock.json', { asked: true });
const npm = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const { code, output } = await run('npm', npm, { cwd: folder });
if (code !== 0) {
  process.stderr.write(output);
  process.exit(1);
}
rmSync(join(folder, 'package-lock.json'));
