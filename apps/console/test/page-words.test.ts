import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FRAME_AREAS } from '../lib/areas.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const frame = join(root, 'app/(console)');
const read = (file: string): string => readFileSync(file, 'utf8');
const all = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

const fileOf = (base: string): readonly string[] =>
  ['.ts', '.tsx']
    .map((ending) => base + ending)
    .filter((file) => existsSync(file))
    .slice(0, 1);

/** The console's own files that one imports, at once or when it needs them; types bring no text. */
const importsOf = (file: string): readonly string[] =>
  all(
    /(?:^import (?!type\b)[^;]*?from |^export [^;]*? from |\bimport\()\s*'((?:@|\.{1,2})\/[^']+)'/gms,
    read(file),
  ).flatMap((path) =>
    fileOf(path.startsWith('@/') ? join(root, path.slice(2)) : resolve(dirname(file), path)),
  );

/** The areas whose text a file shows, and all that it imports. */
function shownBy(file: string): readonly string[] {
  const files = new Set([file]);
  for (const one of files) for (const next of importsOf(one)) files.add(next);
  return [...new Set([...files].flatMap((one) => all(/useText\('(\w+)/g, read(one))))].toSorted();
}

const beyondFrame = (areas: readonly string[]): readonly string[] =>
  areas.filter((area) => !FRAME_AREAS.some((one) => one === area));

const pages = readdirSync(frame, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('page.tsx'))
  .map((path) => join(frame, path));

/** Where a page is given its words: in the layout next above it, or in itself. */
function giverOf(page: string): string {
  for (let folder = dirname(page); folder !== frame; folder = dirname(folder))
    if (existsSync(join(folder, 'layout.tsx'))) return join(folder, 'layout.tsx');
  return page;
}

const givenBy = (giver: string): readonly string[] => {
  const [list = ''] = all(/(?:withWords\(|<Words areas=\{\[)([^)\]]*)/g, read(giver));
  return all(/'(\w+)'/g, list).toSorted();
};

describe('the words that a page is sent', () => {
  test('the frame has those of all that stands around the pages', () => {
    expect(shownBy(join(frame, 'layout.tsx'))).toEqual([...FRAME_AREAS].toSorted());
  });

  test.each([...new Set(pages.map(giverOf))].map((giver) => [giver.slice(root.length), giver]))(
    '%s gives those that its pages show, and no other',
    (_name, giver) => {
      const shown = pages.filter((page) => giverOf(page) === giver).flatMap(shownBy);
      expect(givenBy(giver)).toEqual([...new Set(beyondFrame(shown))].toSorted());
    },
  );

  test('who must set up a second factor first has those of that', () => {
    const page = join(root, 'app/enrol/page.tsx');
    const given = all(/wordsOf\(\[\.\.\.FRAME_AREAS, '(\w+)'\]\)/g, read(page));
    expect(given).toEqual(beyondFrame(shownBy(page)));
  });
});
