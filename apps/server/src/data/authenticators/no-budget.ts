import type { GuessingBudget } from '@gatehouse/auth-core';

/** A budget that never refuses and counts nothing: for dry runs, and where guessing is not slowed. */
export const NO_BUDGET: GuessingBudget = {
  admit: () => ({ result: 'ok' }),
  failed: () => undefined,
  succeeded: () => undefined,
  released: () => undefined,
};
