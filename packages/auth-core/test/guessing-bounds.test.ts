import { describe, expect, test } from 'vitest';
import { createGuessingBudget } from '../src/guessing/budget.ts';
import { GUESSING_LIMITS } from '../src/guessing/limits.ts';
import { manualClock } from '../src/testing/index.ts';
import { budgetOf, named } from './support/guessing-world.ts';

describe('what is counted', () => {
  test('failures, refusals without work, and forgiveness; entries by kind', () => {
    const { budget, fail, admit } = budgetOf({ pairFailuresMax: 2 });
    fail(2);
    admit();
    budget.forgive({ identities: [named('bob')], ip: null });
    expect(budget.counters()).toEqual({
      failures: 2,
      refused: 1,
      busy: 0,
      forgiven: 1,
      entries: { pair: 1, username: 1, network: 1 },
    });
  });
});

describe('bounds', () => {
  test('however many logins fail, no kind of entry outgrows its bound, nor does the list', () => {
    const entriesMax = 1_000;
    const { budget, fail } = budgetOf({ pairFailuresMax: 1, entriesMax, listedMax: 50 });
    for (let n = 0; n < 50_000; n += 1) fail(1, `10.${(n >> 8) & 255}.${n & 255}.7`, `user-${n}`);
    const { entries, failures } = budget.counters();
    expect(failures).toBe(50_000);
    expect(entries).toEqual({ pair: entriesMax, username: entriesMax, network: entriesMax });
    expect(budget.list()).toHaveLength(50);
    budget.forgive({ identities: null, ip: null });
    expect(budget.counters().entries).toEqual({ pair: 0, username: 0, network: 0 });
  });

  test('entries are bounded; the one that failed longest ago goes first', () => {
    const { fail, admits } = budgetOf({ pairFailuresMax: 1, entriesMax: 2 });
    for (const username of ['a', 'b', 'a', 'c']) fail(1, '203.0.113.7', username);
    expect(['a', 'b', 'c'].map((username) => admits('203.0.113.7', username))).toEqual([false, true, false]);
  });

  test('usernames are told apart up to a bound, and forgiven by their whole length', () => {
    const { budget, fail, admits } = budgetOf({ pairFailuresMax: 1, usernameUnitsMax: 4 });
    fail(1, '203.0.113.7', 'abcdefgh');
    expect(admits('203.0.113.7', 'abcdZZZZ')).toBe(false);
    expect(admits('203.0.113.7', 'abcZ')).toBe(true);
    budget.forgive({ identities: [named('abcdefgh')], ip: '203.0.113.7' });
    expect(admits('203.0.113.7', 'abcdefgh')).toBe(true);
  });

  test('every limit has a default', () => {
    const budget = createGuessingBudget({ clock: manualClock() });
    expect(budget.list()).toEqual([]);
    for (const limit of Object.values(GUESSING_LIMITS)) expect(limit).toBeGreaterThan(0);
  });
});
