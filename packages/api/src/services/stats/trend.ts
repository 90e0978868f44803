import type { OverviewDto } from '@gatehouse/contract';

/** A change below this share of the period before is none. */
const STEADY_WITHIN = 0.2;
/** Nor is one of fewer attempts than this: a device that tries twice is no trend. */
const ATTEMPTS_MIN = 5;

/** Whether refusals grow: by a fifth or more of the period before, and by some attempts. */
export const trendOf = (now: number | null, before: number | null): OverviewDto['trend'] => {
  if (now === null || before === null) return 'unknown';
  const change = now - before;
  if (Math.abs(change) < Math.max(ATTEMPTS_MIN, before * STEADY_WITHIN)) return 'steady';
  return change > 0 ? 'worse' : 'better';
};
