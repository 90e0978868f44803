import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOf, filesOf } from './addresses';
import { parseDocument, type Document } from './document';

/** Set by `server.mjs`: the `docs/` that came with this build. */
const docsDir = (): string => process.env['GATEHOUSE_DOCS_DIR'] ?? '';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** The page that stands at `/help/…`; undefined when there is none. */
export async function readGuide(segments: readonly string[]): Promise<Document | undefined> {
  for (const file of filesOf(segments)) {
    try {
      return parseDocument(file, await readFile(join(docsDir(), file), 'utf8'));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

/** A page among others. */
export interface Entry {
  readonly href: string;
  readonly title: string;
  readonly summary: string;
}

/** Pages of a folder of `docs/`, by title; empty where no documents came with the build. */
export async function listGuides(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(join(docsDir(), folder)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const entries = await Promise.all(
    names.map(async (name) => {
      const file = `${folder}/${name}`;
      const href = addressOf(file);
      if (href === undefined) return [];
      const { title, summary } = parseDocument(file, await readFile(join(docsDir(), file), 'utf8'));
      return [{ href, title, summary }];
    }),
  );
  return entries.flat().sort((one, other) => one.title.localeCompare(other.title, 'en'));
}
