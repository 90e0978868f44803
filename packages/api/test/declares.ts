import { readFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);

/** A file of the repository; the empty text when there is none. */
export const sourceOf = (file: string): string => {
  try {
    return readFileSync(new URL(file, root), 'utf8');
  } catch {
    return '';
  }
};

const REGEXP_SIGNS = /[.*+?^${}()|[\]\\]/g;

/** Whether a file has a test with this title that is run, also one of a table (`test.each`). */
export const declares = (file: string, title: string): boolean =>
  new RegExp(`(?<!\\.(?:skip|todo|fails))\\(\\s*(['"\`])${title.replace(REGEXP_SIGNS, '\\$&')}\\1,`).test(
    sourceOf(file),
  );
