import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LIMIT_SETTINGS } from '../../src/config/schema-limits.ts';

const wordsOf = (language: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../../console/messages/${language}/limits.json`, import.meta.url), 'utf8'),
  );

test('the console says of each limit what the configuration says of it', () => {
  expect(wordsOf('en')).toEqual(Object.fromEntries(LIMIT_SETTINGS.map(({ name, text }) => [name, text])));
});
