import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load.ts';
import type { RawConfig } from '../../src/config/schema.ts';

/** A page of docs/guides whose examples are executed. */
export interface GuidePage {
  /** The code blocks of a language, in the page's order. */
  readonly blocks: (language: string) => readonly string[];
}

export function guidePage(name: string): GuidePage {
  const path = fileURLToPath(new URL(`../../../../docs/guides/${name}`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  return {
    blocks: (language) =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
        ([, block = '']) => block,
      ),
  };
}

/** Writes texts as files into a directory of their own while `use` runs. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (pathOf: (name: string) => string) => T | Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-guide-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    return await use((name) => join(directory, name));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A configuration file that the server accepts, as it was written. */
export const configOf = (yaml: string): Promise<RawConfig> =>
  withFiles({ 'gatehouse.yaml': yaml }, (pathOf) => {
    const loaded = loadConfig({ config: pathOf('gatehouse.yaml'), env: {}, cwd: tmpdir() });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.loaded.raw;
  });
