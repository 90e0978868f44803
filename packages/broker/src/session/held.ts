/** Who can be asked to give up the oldest of what waits for it. */
export interface Holder {
  /** Bytes that could be given up. */
  readonly bytes: number;
  drop(bound: 'queueBytesTotalMax'): boolean;
}

/**
 * Bytes that all sessions of a broker hold together, waiting and in flight, and who could give up most of them. Queues
 * are kept by the power of two of their size, so that the largest is found without a walk and is the largest within a
 * factor of two.
 */
export class HeldTotal {
  bytes = 0;
  readonly #bySize: Set<Holder>[] = [];

  /** Tells that a holder's bytes were `before` and have changed. */
  resized(holder: Holder, before: number): void {
    const from = sizeClass(before);
    const to = sizeClass(holder.bytes);
    if (from === to) return;
    this.#bySize[from]?.delete(holder);
    if (to === 0) return;
    while (this.#bySize.length <= to) this.#bySize.push(new Set());
    this.#bySize[to]?.add(holder);
  }

  largest(): Holder | undefined {
    for (let size = this.#bySize.length - 1; size > 0; size -= 1) {
      const [holder] = this.#bySize[size] ?? [];
      if (holder !== undefined) return holder;
    }
    return undefined;
  }
}

/** 0 for nothing, else one more than the binary logarithm. */
const sizeClass = (bytes: number): number => {
  if (bytes <= 0) return 0;
  return bytes < 2 ** 31 ? 32 - Math.clz32(bytes) : 1 + Math.floor(Math.log2(bytes));
};

/** Bytes that one session holds, counted into the total. */
export class Held {
  readonly #total: HeldTotal;
  #bytes = 0;

  constructor(total: HeldTotal) {
    this.#total = total;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#total.bytes += bytes;
  }
}
