// Latencies in steps of ten microseconds up to ten seconds: exact enough, and recorded in a few nanoseconds.
const STEP_US = 10;
const STEPS = 1_000_000;

export class Histogram {
  #counts = new Uint32Array(STEPS);

  record(micros) {
    const step = (micros / STEP_US) | 0;
    this.#counts[step < STEPS ? step : STEPS - 1] += 1;
  }

  clear() {
    this.#counts.fill(0);
  }

  /** Steps and their counts, for another process. */
  entries() {
    const found = [];
    for (let step = 0; step < STEPS; step += 1) {
      if (this.#counts[step] > 0) found.push([step, this.#counts[step]]);
    }
    return found;
  }
}

/** The value, in ms, that `share` of all values do not exceed; `parts` are `entries()` of any number of histograms. */
export function quantileMs(parts, share) {
  const sorted = parts.flat().sort(([left], [right]) => left - right);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let left = total * share;
  for (const [step, count] of sorted) {
    left -= count;
    if (left <= 0) return ((step + 1) * STEP_US) / 1000;
  }
  return null;
}
