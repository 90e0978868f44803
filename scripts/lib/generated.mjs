import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './run.mjs';

/** Writes a generated Markdown file, or with `--check` fails when the committed one differs. */
export async function emit(path, markdown) {
  const file = join(root, path);
  const text = await format(markdown, { ...(await resolveConfig(file)), parser: 'markdown' });
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (readOr(file, '') === text) return;
  process.stderr.write(`${path} differs from what its source gives\n`);
  process.exitCode = 1;
}

function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** Text for a cell of a Markdown table. */
export const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
