import type { Clock } from '@gatehouse/auth-core';
import { describe, expect, it } from 'vitest';
import { TRY_BUDGET, TryBudget } from '../src/security/try-budget.ts';

describe('the budget of the tester', () => {
  it('lets a burst through, then one per refill, each actor by itself', () => {
    let now = 0;
    const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
    const budget = new TryBudget(clock);
    for (let i = 0; i < TRY_BUDGET.burst; i++) expect(budget.take('eve')).toBe(0);
    expect(budget.take('eve')).toBe(TRY_BUDGET.refillMs / 1000);
    expect(budget.take('olga')).toBe(0);
    now += TRY_BUDGET.refillMs;
    expect(budget.take('eve')).toBe(0);
    expect(budget.take('eve')).toBeGreaterThan(0);
  });
});
