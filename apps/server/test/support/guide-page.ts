import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadConfig } from '../../src/config/load.ts';
import type { RawConfig } from '../../src/config/schema.ts';

/** A page of docs/guides whose examples are executed. */
export interface GuidePage {
  /** The code blocks of a language, in the page's order. */
  readonly blocks: (language: string) => readonly string[];
  /** The rows of the table whose first column has this head, as the texts of their cells. */
  readonly table: (head: string) => readonly (readonly string[])[];
}

export function guidePage(name: string): GuidePage {
  const path = fileURLToPath(new URL(`../../../../docs/guides/${name}`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  return {
    blocks: (language) =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
        ([, block = '']) => block,
      ),
    table: (head) => {
      const lines = text.split('\n');
      const from = lines.findIndex((line) => cellsOf(line)[0] === head);
      const rows = lines.slice(from + 2);
      const end = rows.findIndex((line) => !line.startsWith('|'));
      return from < 0 ? [] : rows.slice(0, end < 0 ? undefined : end).map(cellsOf);
    },
  };
}

const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

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

/** The settings of one authenticator of such a file. */
export async function authenticatorIn<T extends z.ZodRawShape>(yaml: string, name: string, shape: T) {
  const authenticator = z.looseObject({ type: z.string(), ...shape });
  const file = z.object({ auth: z.object({ authenticators: z.object({ [name]: z.unknown() }) }) });
  return authenticator.parse(file.parse(await configOf(yaml)).auth.authenticators[name]);
}

/** A configuration file that the server accepts, as it was written. */
export const configOf = (yaml: string): Promise<RawConfig> =>
  withFiles({ 'gatehouse.yaml': yaml }, (pathOf) => {
    const loaded = loadConfig({ config: pathOf('gatehouse.yaml'), env: {}, cwd: tmpdir() });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.loaded.raw;
  });
