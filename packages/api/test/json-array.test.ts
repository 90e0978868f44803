import { expect, test } from 'vitest';
import { parseJsonArray } from '../src/http/json-array.ts';

const read = (text: string) => parseJsonArray(text, (part) => JSON.parse(part) as unknown);
/** More than one part. */
const LONG = 'x'.repeat(70_000);

test.each([
  '[]',
  ' [ ] ',
  '[1]',
  '[1, "a,]}\\"[", {"b": [1, {"c": "\\\\"}], "d": {}}, [], null, true ]\n',
  `["${LONG}", 2, "${LONG}", {"a": "${LONG}"}]`,
  `[[["${LONG}"]],[],"${LONG}"]`,
])('an array is read as JSON.parse reads it: %.40s', async (text) => {
  expect(await read(text)).toEqual(JSON.parse(text));
  expect(await read(`\uFEFF${text}`)).toEqual(JSON.parse(text));
});

test.each([
  '[',
  '[1',
  '[1,]',
  '[,1]',
  '[1,,2]',
  '[1] 2',
  '[1]]',
  '[{]}]',
  '[}{]',
  '["a]',
  '["a\\"]',
  '[1 2]',
  '[nul]',
  `["${LONG}",]`,
  `["${LONG}",,1]`,
  `["${LONG}" 1]`,
  `["${LONG}",1]x`,
])('what is no JSON is refused, wherever it is cut: %.30s', async (text) => {
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  await expect(read(text)).rejects.toThrow(/JSON|not valid/);
});

test('what is no array is nothing', async () => {
  expect(await read('{"a": []}')).toBeNull();
  expect(await read('"[]"')).toBeNull();
  expect(await read('')).toBeNull();
});

test('an entry that would take long, and more entries than an import takes, are refused', async () => {
  await expect(read(`["${'x'.repeat(300_000)}"]`)).rejects.toMatchObject({ code: 'payload-too-large' });
  await expect(read(`[${'1,'.repeat(100_001)}1]`)).rejects.toMatchObject({ code: 'payload-too-large' });
});
