import { BLOCK_LIMITS } from '@gatehouse/auth-core';
import { describe, expect, test } from 'vitest';
import { re2Patterns } from '../src/re2-patterns.ts';

describe('RE2 patterns', () => {
  test.each(['dev-[0-9]+', '(?i)pump.*', '\\pL{3}', 'a|b'])('%s is fine', (pattern) => {
    expect(re2Patterns.problem(pattern)).toBeUndefined();
  });

  test.each([
    ['(', 'closing'],
    ['(?=x)y', 'Perl'],
    ['(a)\\1', 'escape'],
    ['(a{100}){10}', 'too large'],
    ['((a{100}){100}){100}', 'repeat'],
  ])('%s is refused in words', (pattern, words) => {
    expect(re2Patterns.problem(pattern)).toContain(words);
  });

  test('a pattern matches whole texts, and the first that does is named', () => {
    const match = re2Patterns.compile(['pump', 'pump-\\d+', '.*-7']);
    expect(match('pump-7')).toBe(1);
    expect(match('fan-7')).toBe(2);
    expect(match('pump-x')).toBeUndefined();
  });

  test('what cannot be compiled matches nothing and moves nobody’s place', () => {
    const match = re2Patterns.compile(['(', 'pump']);
    expect(match('pump')).toBe(1);
    expect(re2Patterns.compile(['('])('(')).toBeUndefined();
  });

  test('the worst pattern and text that fit take well below the second in which a change is in force', () => {
    const { patternsMax, patternTextUnitsMax } = BLOCK_LIMITS;
    const worst = Array.from({ length: patternsMax }, (_, index) => `.*(a|b).{${150 + (index % 40)}}c.*`);
    for (const pattern of worst) expect(re2Patterns.problem(pattern)).toBeUndefined();
    const match = re2Patterns.compile(worst);
    const before = process.cpuUsage();
    expect(match('ab'.repeat(patternTextUnitsMax / 2))).toBeUndefined();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});
