// `npm run sbom [FILE]`: what the product is made of, as CycloneDX in JSON. The list is npm's own; what only builds or
// tests it is taken out here, because `npm sbom --omit dev` of a workspace leaves out whatever any of its packages
// names as a development dependency, though another one ships it.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root, run } from './lib/run.mjs';

const FILE = 'sbom.cdx.json';
/** Folders of the workspace that are the product; the others measure and test it. */
const PRODUCT = /^(?:apps|packages)\/[^/]+$/;

/** @typedef {{ name?: string, version?: string, link?: boolean, resolved?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, peerDependencies?: Record<string, string>, peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Entry */

/** What an entry of the lock file needs when it runs. */
const needs = ({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) => [
  ...Object.keys(dependencies ?? {}),
  ...Object.keys(optionalDependencies ?? {}),
  ...Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true),
];

/** Where `name` is found from a folder, as Node looks for it. */
const found = (entries, from, name) => {
  for (let folder = from; ; folder = folder.replace(/(?:^|\/)[^/]+$/, '')) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (entries[path] !== undefined) return entries[path].link === true ? entries[path].resolved : path;
    if (folder === '') return undefined;
  }
};

/** The product's own folders, and what they need themselves and altogether, as paths of the lock file. */
const shipped = (entries) => {
  const own = Object.keys(entries).filter((path) => PRODUCT.test(path));
  const nextOf = (path) =>
    needs(entries[path])
      .map((name) => found(entries, path, name))
      .filter((next) => next !== undefined && !PRODUCT.test(next));
  const direct = new Set(own.flatMap(nextOf));
  const all = new Set(direct);
  for (const path of all) for (const next of nextOf(path)) all.add(next);
  return { direct, all };
};

const answer = await run('npm', [
  'sbom',
  '--sbom-format',
  'cyclonedx',
  '--package-lock-only',
  '--loglevel=error',
]);
if (answer.code !== 0) {
  process.stderr.write(answer.output);
  process.exit(1);
}
const document = JSON.parse(answer.output.slice(answer.output.indexOf('{')));
const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
const { direct, all } = shipped(packages);
const refsOf = (paths) =>
  new Set([...paths].map((path) => `${path.replace(/^.*node_modules\//, '')}@${packages[path].version}`));
const refs = refsOf(all);
const { component, ...metadata } = document.metadata;
const sbom = {
  ...document,
  // npm names the workspace by its folder, which is whatever it was cloned to.
  metadata: { ...metadata, component: { ...component, type: 'application', name: 'gatehouse' } },
  components: document.components.filter((each) => refs.has(each['bom-ref'])),
  dependencies: [
    { ref: component['bom-ref'], dependsOn: [...refsOf(direct)].toSorted() },
    ...document.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  ],
};
const file = resolve(process.argv[2] ?? `${root}${FILE}`);
writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
process.stdout.write(`${String(sbom.components.length)} packages: ${file}\n`);
