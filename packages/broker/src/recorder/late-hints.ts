import type { HintDelta, MismatchHint } from '@gatehouse/ports';
import { HINT_BYTES } from './accounting.ts';

interface Waiting {
  readonly sequence: number;
  readonly hints: ReadonlySet<MismatchHint>;
}

/** Mismatch hints that were found after their row had been taken for a flush; bounded in keys. */
export class LateHints {
  readonly #waiting = new Map<string, Waiting>();
  readonly #keysMax: number;

  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  get bytes(): number {
    return this.#waiting.size * HINT_BYTES;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Sequence of the oldest; infinite when there is none. */
  get oldest(): number {
    for (const { sequence } of this.#waiting.values()) return sequence;
    return Infinity;
  }

  /** Left out when there is no room: the row then lacks a hint until the next attempt. */
  add(key: string, hints: readonly MismatchHint[], sequence: number, roomBytes: number): void {
    const known = this.#waiting.get(key);
    if (known === undefined && (this.#waiting.size >= this.#keysMax || roomBytes < HINT_BYTES)) return;
    this.#waiting.set(key, {
      sequence: known?.sequence ?? sequence,
      hints: new Set([...(known?.hints ?? []), ...hints]),
    });
  }

  /** Removes and returns the oldest. */
  take(max: number): readonly HintDelta[] {
    const taken = [...this.#waiting].slice(0, max);
    for (const [key] of taken) this.#waiting.delete(key);
    return taken.map(([key, { hints }]) => ({ key, mismatchHints: [...hints] }));
  }
}
