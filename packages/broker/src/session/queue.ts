import type { Limits } from '../config.ts';
import { type Delivery, keep } from '../router/message.ts';
import type { Held, HeldTotal } from './held.ts';

type QueueBounds = Pick<Limits, 'queueMessagesMax' | 'queueBytesMax' | 'queueBytesTotalMax'>;

/** How many taken entries may stand at the front of the array before it is cut. */
const HEAD_MAX = 1_024;

/** Messages that wait for a session: first in, first out; over its bounds the oldest are dropped. */
export class MessageQueue {
  readonly #bounds: QueueBounds;
  readonly #held: Held;
  readonly #total: HeldTotal;
  #entries: (Delivery | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  /** `held` is what the session holds in all, in flight included. */
  constructor(bounds: QueueBounds, held: Held, total: HeldTotal) {
    this.#bounds = bounds;
    this.#held = held;
    this.#total = total;
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** Bytes of what waits: what could be dropped. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends and returns how many were dropped to make room: of its own by the session's bounds, of the largest queue
   * by the bound of all together.
   */
  push(delivery: Delivery): number {
    keep(delivery.message);
    this.#entries.push(delivery);
    this.#account(delivery.message.bytes);
    let dropped = 0;
    while (this.#isOver() && this.shift() !== undefined) dropped += 1;
    while (this.#total.bytes > this.#bounds.queueBytesTotalMax) {
      if (this.#total.largest()?.shift() === undefined) return dropped;
      dropped += 1;
    }
    return dropped;
  }

  /** Forgets everything: the session has ended. */
  clear(): void {
    this.#account(-this.#bytes);
    this.#entries = [];
    this.#head = 0;
  }

  shift(): Delivery | undefined {
    const delivery = this.#entries[this.#head];
    if (delivery === undefined) return undefined;
    this.#entries[this.#head] = undefined;
    this.#head += 1;
    this.#account(-delivery.message.bytes);
    if (this.#head === this.#entries.length || this.#head > HEAD_MAX) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return delivery;
  }

  #isOver(): boolean {
    return this.size > this.#bounds.queueMessagesMax || this.#held.bytes > this.#bounds.queueBytesMax;
  }

  #account(bytes: number): void {
    const before = this.#bytes;
    this.#bytes += bytes;
    this.#held.add(bytes);
    this.#total.resized(this, before);
  }
}
