import { expect, test } from 'vitest';
import { trendOf } from '../src/services/stats/trend.ts';

test.each([
  ['a fifth more and some attempts is worse', 120, 100, 'worse'],
  ['a fifth less is better', 80, 100, 'better'],
  ['less than a fifth is steady', 119, 100, 'steady'],
  ['a device that tries a few times is no trend', 4, 0, 'steady'],
  ['refusals where there were none are worse', 5, 0, 'worse'],
  ['none where there were some is better', 0, 5, 'better'],
  ['nothing kept of the period before is not known', 500, null, 'unknown'],
] as const)('%s', (_, now, before, trend) => {
  expect(trendOf(now, before)).toBe(trend);
});
