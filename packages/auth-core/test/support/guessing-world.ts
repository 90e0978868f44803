import { createGuessingBudget } from '../../src/guessing/budget.ts';
import type { GuessingLimits } from '../../src/guessing/limits.ts';
import { attemptOf, manualClock } from '../../src/testing/index.ts';

export const MINUTE_MS = 60_000;

export const attemptFrom = (ip: string, username: string | undefined, clientId = 'pump-7') =>
  attemptOf({ ip, username, clientId });

export const named = (value: string) => ({ by: 'username', value }) as const;

export function budgetOf(limits: Partial<GuessingLimits> = {}, exempt: readonly string[] = [], newsMax = 0) {
  const clock = manualClock();
  const budget = createGuessingBudget({ clock, limits, exempt, newsMax });
  const admit = (ip = '203.0.113.7', username = 'ann') => budget.admit(attemptFrom(ip, username));
  /** Asks, and gives the guess back. */
  const admits = (ip = '203.0.113.7', username = 'ann') => {
    const isAdmitted = admit(ip, username).result === 'ok';
    if (isAdmitted) budget.released(attemptFrom(ip, username));
    return isAdmitted;
  };
  const fail = (times: number, ip = '203.0.113.7', username = 'ann') => {
    for (let n = 0; n < times; n += 1) budget.failed(attemptFrom(ip, username));
  };
  return { budget, clock, fail, admit, admits };
}
