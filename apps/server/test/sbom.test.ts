import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes: readonly { readonly alg: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const root = new URL('../../../', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), 'utf8'));

/** What the product's own packages load, by name. */
const named = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(new URL(folder, root)).flatMap((name) =>
    Object.keys(
      (read(`${folder}/${name}/package.json`) as { dependencies?: Record<string, string> }).dependencies ??
        {},
    ),
  ),
);
const direct = new Set(named.filter((name) => !name.startsWith('@gatehouse/')));

describe('the bill of materials', () => {
  let folder: string;
  let sbom: Sbom;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-sbom-'));
    const file = join(folder, 'sbom.json');
    execFileSync(process.execPath, ['scripts/sbom.mjs', file], { cwd: root });
    sbom = JSON.parse(readFileSync(file, 'utf8')) as Sbom;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is CycloneDX with every package that the product loads, and none that only builds or tests it', () => {
    expect([sbom.bomFormat, sbom.specVersion, sbom.metadata.component.name]).toEqual([
      'CycloneDX',
      '1.5',
      'gatehouse',
    ]);
    const names = new Set(sbom.components.map(({ name }) => name));
    expect([...direct].filter((name) => !names.has(name))).toEqual([]);
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { dev?: boolean; version?: string }>;
    };
    const developing = new Set(
      Object.entries(packages)
        .filter(([, entry]) => entry.dev === true)
        .map(([path, { version = '' }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`),
    );
    for (const [path, { dev, version = '' }] of Object.entries(packages))
      if (dev !== true) developing.delete(`${path.replace(/^.*node_modules\//, '')}@${version}`);
    expect(developing.size).toBeGreaterThan(100);
    expect(sbom.components.map((one) => one['bom-ref']).filter((ref) => developing.has(ref))).toEqual([]);
  });

  test('says of each package its address and hash, and needs none that it does not have', () => {
    const refs = new Set(sbom.components.map((one) => one['bom-ref']));
    for (const { name, version, purl, hashes } of sbom.components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      expect(hashes.map(({ alg }) => alg)).toEqual(['SHA-512']);
    }
    expect(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual(
      [],
    );
    const own = sbom.dependencies[0]?.dependsOn.map((ref) => ref.replace(/@[^@]+$/, ''));
    expect(own?.toSorted()).toEqual([...direct].toSorted());
  });
});
