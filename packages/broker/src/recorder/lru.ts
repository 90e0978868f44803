import { oldestOf } from '@gatehouse/auth-core';

/** A map of at most `max` entries that forgets what was used longest ago, and tells of it. */
export class Lru<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #oldest = oldestOf(this.#entries);
  readonly #max: number;
  readonly #forgotten: (value: V) => void;

  constructor(max: number, forgotten: (value: V) => void) {
    this.#max = max;
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The one used longest ago first. */
  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: K, value: V): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#forget(key, before);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return;
    const oldest = this.#oldest();
    const forgotten = oldest === undefined ? undefined : this.#entries.get(oldest);
    if (oldest !== undefined && forgotten !== undefined) this.#forget(oldest, forgotten);
  }

  #forget(key: K, value: V): void {
    this.#entries.delete(key);
    this.#forgotten(value);
  }
}
