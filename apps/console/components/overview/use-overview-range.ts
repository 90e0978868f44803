'use client';

import { parseAsIsoDateTime, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useNow } from '@/lib/now';
import { RANGE_KEYS, RANGE_STEP_MS, relativeRange, type RangeKey, type TimeRange } from '@/lib/range';
import { DEFAULT_RANGE } from './sources';

const parsers = {
  range: parseAsStringLiteral(RANGE_KEYS).withDefault(DEFAULT_RANGE),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
};

export interface OverviewRange {
  readonly key: RangeKey;
  /** A stretch of time that was chosen by hand, in place of the relative one. */
  readonly custom: boolean;
  readonly range: TimeRange;
  readonly choose: (key: RangeKey) => void;
  readonly zoom: (fromMs: number, toMs: number) => void;
}

/** The range of the overview, kept in the URL. */
export function useOverviewRange(): OverviewRange {
  const now = useNow(RANGE_STEP_MS);
  const [{ range: key, from, to }, set] = useQueryStates(parsers, { history: 'push' });
  const custom = from !== null && to !== null;
  return {
    key,
    custom,
    range: custom ? { from: from.toISOString(), to: to.toISOString() } : relativeRange(key, now),
    choose: (next) => void set({ range: next, from: null, to: null }),
    zoom: (fromMs, toMs) => void set({ from: new Date(fromMs), to: new Date(toMs) }),
  };
}
