import { oldestOf } from '@gatehouse/auth-core';
import type { Clock } from '@gatehouse/ports';

interface Entry<V> {
  readonly value: V;
  readonly until: number;
  readonly tags: readonly string[];
}

/** A bounded cache whose entries expire, and can be voided by any tag they carry. The oldest entry goes first. */
export class TaggedCache<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #oldest = oldestOf(this.#entries);
  readonly #byTag = new Map<string, Set<string>>();
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #entriesMax: number;
  readonly #ttlMs: number;
  readonly #staleMs: number;

  constructor(options: {
    readonly clock: Pick<Clock, 'monotonic'>;
    readonly entriesMax: number;
    readonly ttlMs: number;
    /** How long an expired entry stays, for `stale`. */
    readonly staleMs?: number;
  }) {
    this.#clock = options.clock;
    this.#entriesMax = options.entriesMax;
    this.#ttlMs = options.ttlMs;
    this.#staleMs = options.staleMs ?? 0;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const overdueMs = this.#clock.monotonic() - entry.until;
    if (overdueMs < 0) return entry.value;
    if (overdueMs >= this.#staleMs) this.delete(key);
    return undefined;
  }

  /** The value although it has expired, where it may still serve in place of one that cannot be had. */
  stale(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    return this.#clock.monotonic() - entry.until < this.#staleMs ? entry.value : undefined;
  }

  set(key: string, value: V, tags: readonly string[]): void {
    this.delete(key);
    const oldest = this.#entries.size >= this.#entriesMax ? this.#oldest() : undefined;
    if (oldest !== undefined) this.delete(oldest);
    this.#entries.set(key, { value, until: this.#clock.monotonic() + this.#ttlMs, tags });
    for (const tag of tags) {
      const keys = this.#byTag.get(tag);
      if (keys) keys.add(key);
      else this.#byTag.set(tag, new Set([key]));
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    for (const tag of entry.tags) {
      const keys = this.#byTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#byTag.delete(tag);
    }
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
  }

  /** Removes every entry that carries the tag. */
  voidTag(tag: string): void {
    for (const key of [...(this.#byTag.get(tag) ?? [])]) this.delete(key);
  }
}
