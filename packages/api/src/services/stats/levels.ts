import type { SeriesPoint } from '@gatehouse/ports';
import { SERIES_STEP_MS } from './names.ts';

/** Samples come every step: a node whose last one is older has left, or has stopped. */
export const LATE_MS = 2 * SERIES_STEP_MS;

/** A level of all nodes together, from what each of them sampled last. */
export class Levels {
  readonly #last = new Map<string, SeriesPoint>();

  /** Points are taken in their order. */
  take(point: SeriesPoint): void {
    this.#last.set(point.node, point);
  }

  /** The sum of those that have sampled since; undefined: nobody has. */
  since(time: number, name: string): number | undefined {
    const values = [...this.#last.values()].flatMap(({ at, values: all }) =>
      at >= time ? (all[name] ?? []) : [],
    );
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  }
}
