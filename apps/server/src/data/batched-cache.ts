import type { Clock, MaybePromise } from '@gatehouse/ports';
import { DATA_BOUNDS } from './bounds.ts';
import { TaggedCache } from './tagged-cache.ts';

export interface BatchedCacheOptions<Q, V> {
  /** Asks the store, many at once, in the order asked. */
  readonly ask: (queries: readonly Q[]) => Promise<readonly V[]>;
  readonly keyOf: (query: Q) => string;
  /** What voids the answer; without one, what voids the question while it is on its way. */
  readonly tagsOf: (query: Q, answer?: V) => readonly string[];
  /** Whether there is something in the answer; others are kept apart and for a shorter time. */
  readonly isHit: (answer: V) => boolean;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** When the queries of a tick are sent; `setImmediate` unless told otherwise (tests). */
  readonly schedule?: (send: () => void) => void;
}

interface InFlight<Q, V> {
  readonly query: Q;
  readonly promise: Promise<V | 'unavailable'>;
  /** A change came after the question was sent: the answer may be older than it. */
  raced: boolean;
}

interface Queued<Q, V> {
  readonly query: Q;
  readonly resolve: (answer: V | 'unavailable') => void;
}

/**
 * Answers of the store, bounded, batched per tick, one question per key at a time, and never a cached answer that is
 * older than a change it was told of.
 */
export class BatchedCache<Q, V> {
  readonly #options: BatchedCacheOptions<Q, V>;
  readonly #schedule: (send: () => void) => void;
  readonly #hits: TaggedCache<V>;
  readonly #misses: TaggedCache<V>;
  readonly #inFlight = new Map<string, InFlight<Q, V>>();
  #queue: Queued<Q, V>[] = [];
  #sending = false;

  constructor(options: BatchedCacheOptions<Q, V>) {
    const { clock } = options;
    this.#options = options;
    this.#schedule = options.schedule ?? ((send) => void setImmediate(send));
    this.#hits = new TaggedCache({
      clock,
      entriesMax: DATA_BOUNDS.credentialHitsMax,
      ttlMs: DATA_BOUNDS.credentialHitTtlMs,
      staleMs: DATA_BOUNDS.credentialStaleMaxMs,
    });
    this.#misses = new TaggedCache({
      clock,
      entriesMax: DATA_BOUNDS.credentialMissesMax,
      ttlMs: DATA_BOUNDS.credentialMissTtlMs,
    });
  }

  /** `unavailable`: the store cannot be asked, or too much is asked of it. */
  find(query: Q): MaybePromise<V | 'unavailable'> {
    const key = this.#options.keyOf(query);
    const known = this.#hits.get(key) ?? this.#misses.get(key) ?? this.#inFlight.get(key)?.promise;
    if (known !== undefined) return known;
    if (this.#inFlight.size >= DATA_BOUNDS.lookupsInFlightMax) return 'unavailable';
    const flight: InFlight<Q, V> = { query, promise: this.#ask(key, query), raced: false };
    this.#inFlight.set(key, flight);
    return flight.promise;
  }

  /** What is in the cache now, if there was something in it. */
  peek(query: Q): V | undefined {
    return this.#hits.get(this.#options.keyOf(query));
  }

  /** Voids what these tags are about, also what is on its way. */
  voidTags(tags: ReadonlySet<string>): void {
    for (const tag of tags) {
      this.#hits.voidTag(tag);
      this.#misses.voidTag(tag);
    }
    for (const flight of this.#inFlight.values()) {
      if (this.#options.tagsOf(flight.query).some((tag) => tags.has(tag))) flight.raced = true;
    }
  }

  /** Voids everything, also what is on its way. */
  voidAll(): void {
    this.#hits.clear();
    this.#misses.clear();
    for (const flight of this.#inFlight.values()) flight.raced = true;
  }

  /** Asks again next time, without calling it a change. */
  forgetHits(tag: string): void {
    this.#hits.voidTag(tag);
  }

  /** Asks until an answer is certainly newer than every change that was heard of meanwhile. */
  async #ask(key: string, query: Q): Promise<V | 'unavailable'> {
    try {
      for (let round = 0; round <= DATA_BOUNDS.lookupRetriesMax; round++) {
        const answer = await this.#enqueue(query);
        // Who was let in lately is, also while the store is away: what is known of a client is void with every change.
        if (answer === 'unavailable') return this.#hits.stale(key) ?? answer;
        const flight = this.#inFlight.get(key);
        if (flight?.raced !== true) {
          this.#keep(key, query, answer);
          return answer;
        }
        flight.raced = false;
      }
      return 'unavailable';
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #keep(key: string, query: Q, answer: V): void {
    if (key.length > DATA_BOUNDS.cachedIdentityCharactersMax) return;
    const { isHit, tagsOf } = this.#options;
    (isHit(answer) ? this.#hits : this.#misses).set(key, answer, tagsOf(query, answer));
  }

  async #enqueue(query: Q): Promise<V | 'unavailable'> {
    return new Promise((resolve) => {
      this.#queue.push({ query, resolve });
      if (this.#queue.length === 1 && !this.#sending) this.#schedule(() => void this.#sendAll());
    });
  }

  /** What is asked while an answer is awaited goes together once it is there: few messages when many ask. */
  async #sendAll(): Promise<void> {
    this.#sending = true;
    while (this.#queue.length > 0) await this.#send();
    this.#sending = false;
  }

  async #send(): Promise<void> {
    const queue = this.#queue;
    this.#queue = [];
    const sent: Promise<void>[] = [];
    for (let start = 0; start < queue.length; start += DATA_BOUNDS.lookupBatchMax) {
      sent.push(this.#sendBatch(queue.slice(start, start + DATA_BOUNDS.lookupBatchMax)));
    }
    await Promise.all(sent);
  }

  async #sendBatch(batch: readonly Queued<Q, V>[]): Promise<void> {
    const answers = await this.#options.ask(batch.map((queued) => queued.query)).catch(() => []);
    batch.forEach((queued, index) => queued.resolve(answers[index] ?? 'unavailable'));
  }
}
