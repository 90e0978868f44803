import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LIMIT_SETTINGS } from '../../src/config/schema-limits.ts';

type LimitWords = Readonly<Record<string, { readonly label: string; readonly text: string }>>;

const wordsOf = (language: string): LimitWords =>
  JSON.parse(
    readFileSync(new URL(`../../../console/messages/${language}/limits.json`, import.meta.url), 'utf8'),
  ) as LimitWords;

test('the console says of each limit what the configuration says of it', () => {
  const told = Object.entries(wordsOf('en')).map(([name, { text }]) => [name, text]);
  expect(told).toEqual(LIMIT_SETTINGS.map(({ name, text }) => [name, text]));
});
