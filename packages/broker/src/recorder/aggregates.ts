import { networkOf, type ReasonCode } from '@gatehouse/auth-core';
import type { AggregateDelta } from '@gatehouse/ports';
import { aggregateBytes } from './accounting.ts';

interface Bucket {
  readonly sequence: number;
  readonly delta: { -readonly [K in keyof AggregateDelta]: AggregateDelta[K] };
}

/** Attempts that are counted by network and reason because there is no room to itemise them. */
export class Aggregates {
  readonly #buckets = new Map<string, Bucket>();
  readonly #bucketsMax: number;
  #bytes = 0;

  constructor(bucketsMax: number) {
    this.#bucketsMax = bucketsMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Sequence of the oldest bucket; infinite when there is none. */
  get oldest(): number {
    for (const bucket of this.#buckets.values()) return bucket.sequence;
    return Infinity;
  }

  /** False when there is no bucket and no more may be made, by number or by `room` bytes. */
  add(
    attempt: { readonly ip: string; readonly reason: ReasonCode; readonly at: number },
    sequence: number,
    room: number,
  ): boolean {
    const network = networkOf(attempt.ip);
    const key = `${network} ${attempt.reason}`;
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) {
      bucket.delta.attempts += 1;
      bucket.delta.lastAt = attempt.at;
      return true;
    }
    if (this.#buckets.size >= this.#bucketsMax || aggregateBytes(network) > room) return false;
    const { reason, at } = attempt;
    this.#buckets.set(key, { sequence, delta: { network, reason, attempts: 1, firstAt: at, lastAt: at } });
    this.#bytes += aggregateBytes(network);
    return true;
  }

  /** Removes and returns the oldest buckets. */
  take(max: number): readonly AggregateDelta[] {
    const taken = [...this.#buckets].slice(0, max);
    for (const [key, { delta }] of taken) {
      this.#buckets.delete(key);
      this.#bytes -= aggregateBytes(delta.network);
    }
    return taken.map(([, { delta }]) => delta);
  }
}
