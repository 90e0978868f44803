/** Relative ranges that pages offer, in ms. */
const RANGES = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
} as const;
export type RangeKey = keyof typeof RANGES;

export const RANGE_KEYS = Object.keys(RANGES) as readonly RangeKey[];

/** How far "now" moves at a time, so that a page asks again at a human pace and not with every tick. */
export const RANGE_STEP_MS = 10_000;

export interface TimeRange {
  readonly from: string;
  /** Absent: until now. */
  readonly to?: string;
}

/** The range that ends now. */
export const relativeRange = (key: RangeKey, now: number): TimeRange => ({
  from: new Date(Math.floor(now / RANGE_STEP_MS) * RANGE_STEP_MS - RANGES[key]).toISOString(),
});
