import type { Limits } from '../config.ts';
import { type Delivery, keep } from '../router/message.ts';

type QueueBounds = Pick<Limits, 'queueMessagesMax' | 'queueBytesMax' | 'queueBytesTotalMax'>;

/** Bytes that wait in all queues of a broker together. */
export interface QueueTotal {
  bytes: number;
}

/** How many taken entries may stand at the front of the array before it is cut. */
const HEAD_MAX = 1_024;

/** Messages that wait for a session: first in, first out; over its bounds the oldest are dropped. */
export class MessageQueue {
  readonly #bounds: QueueBounds;
  readonly #total: QueueTotal;
  #entries: (Delivery | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(bounds: QueueBounds, total: QueueTotal) {
    this.#bounds = bounds;
    this.#total = total;
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** Appends and returns how many were dropped to make room. */
  push(delivery: Delivery): number {
    keep(delivery.message);
    this.#entries.push(delivery);
    this.#account(delivery.message.bytes);
    let dropped = 0;
    while (this.#isOver() && this.shift() !== undefined) dropped += 1;
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
    const { queueMessagesMax, queueBytesMax, queueBytesTotalMax } = this.#bounds;
    if (this.size > queueMessagesMax || this.#bytes > queueBytesMax) return true;
    return this.#total.bytes > queueBytesTotalMax;
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#total.bytes += bytes;
  }
}
