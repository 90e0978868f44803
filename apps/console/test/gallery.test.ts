import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = (folder: string): readonly string[] => {
  const url = new URL(`../components/${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(new URL(file, url), 'utf8'));
};

/** Mounted once by the frame of every page, and seen on /dev/components through what calls for them. */
const BY_THE_FRAME = ['Toaster', 'TooltipHost'];

test('the page of components shows each component of components/ui', () => {
  const made = sources('ui').flatMap((text) =>
    [...text.matchAll(/^export (?:function|const) ([A-Z]\w*)/gm)].map(([, name = '']) => name),
  );
  const gallery = sources('dev').join('\n');
  expect(made.length).toBeGreaterThan(60);
  expect(made.filter((name) => !new RegExp(`<${name}[\\s/>]`).test(gallery))).toEqual(BY_THE_FRAME);
});
