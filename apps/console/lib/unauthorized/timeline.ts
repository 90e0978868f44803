const BARS = 48;

/** Counts of the attempts in even steps from the first to the last; null for fewer than two. */
export function timelineBars(
  times: readonly number[],
): { readonly from: number; readonly to: number; readonly counts: readonly number[] } | null {
  if (times.length < 2) return null;
  const from = Math.min(...times);
  const to = Math.max(...times);
  const span = Math.max(1, to - from);
  const counts = Array.from({ length: BARS }, () => 0);
  for (const time of times) {
    const bar = Math.min(BARS - 1, Math.floor(((time - from) / span) * BARS));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return { from, to, counts };
}

/** Gaps shorter than this have no rhythm that a reader would care for. */
const BURST_BELOW_S = 0.5;
/** From here on the gaps are so alike that only a timer makes them. */
const CLOCKWORK = 0.8;
const STEADY = 0.5;

/** How regular the attempts are, in a word. */
export function rhythmOf(interval: { readonly medianSeconds: number; readonly regularity: number }): {
  readonly kind: 'burst' | 'clockwork' | 'steady' | 'irregular';
  readonly seconds: number;
} {
  const seconds = Math.round(interval.medianSeconds * 10) / 10;
  if (interval.medianSeconds < BURST_BELOW_S) return { kind: 'burst', seconds };
  if (interval.regularity >= CLOCKWORK) return { kind: 'clockwork', seconds };
  return { kind: interval.regularity >= STEADY ? 'steady' : 'irregular', seconds };
}
