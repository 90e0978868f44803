import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('..', import.meta.url);
const sources = ['app', 'components', 'lib'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${folder}/${path}`),
);

/** Tailwind's classes that name a side of the screen. The logical ones (`ms-`, `pe-`, `start-`, …) turn with the text. */
const PHYSICAL =
  /(?<=[\s"'`:!-])-?(?:(?:m|p|scroll-m|scroll-p)[lr]-|(?:left|right)-(?:[\d[]|auto|full|px)|text-(?:left|right)\b|(?:border|rounded)-[lr](?=[\s"'`-])|rounded-[tb][lr](?=[\s"'`-])|float-(?:left|right)\b)/;

describe('right to left', () => {
  test('the rule finds what it forbids', () => {
    for (const used of ['"ml-2"', '"x md:pr-4"', "'-left-1'", '"text-right"', '"border-l"', '"rounded-r-md"'])
      expect(used).toMatch(PHYSICAL);
    for (const fine of [
      '"ms-2"',
      '"text-end"',
      '"start-0"',
      '"border-line"',
      '"rounded-lg"',
      "align: 'left'",
    ])
      expect(fine).not.toMatch(PHYSICAL);
  });

  test.each(sources)('%s names no side of the screen', (path) => {
    const lines = readFileSync(new URL(path, root), 'utf8').split('\n');
    expect(lines.filter((line) => PHYSICAL.test(line))).toEqual([]);
  });
});
