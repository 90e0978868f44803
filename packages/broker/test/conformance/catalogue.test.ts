import { expect, test } from 'vitest';
import type { Statements } from './statement.ts';
import { STATEMENTS_3_1_1 } from './statements-3.1.1.ts';
import { STATEMENTS_5_0 } from './statements-5.0.ts';

/** How many statements each chapter has. */
function byChapter(statements: Statements): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const number of Object.keys(statements)) {
    const chapter = number.slice(0, number.indexOf('.'));
    counts[chapter] = (counts[chapter] ?? 0) + 1;
  }
  return counts;
}

test('the catalogues have as many statements as the standards’ appendices B', () => {
  expect(byChapter(STATEMENTS_5_0)).toEqual({ 1: 5, 2: 7, 3: 175, 4: 60, 6: 4 });
  expect(byChapter(STATEMENTS_3_1_1)).toEqual({ 1: 3, 2: 9, 3: 95, 4: 26, 6: 4, 7: 4 });
});
