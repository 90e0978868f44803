import type { Limits } from '../config.ts';
import type { Delivery } from '../router/message.ts';

type QueueBounds = Pick<Limits, 'queueMessagesMax' | 'queueBytesMax'>;

/** How many taken entries may stand at the front of the array before it is cut. */
const HEAD_MAX = 1_024;

/** Messages that wait for a session: first in, first out; over its bounds the oldest are dropped. */
export class MessageQueue {
  readonly #bounds: QueueBounds;
  #entries: (Delivery | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends and returns how many were dropped to make room. */
  push(delivery: Delivery): number {
    this.#entries.push(delivery);
    this.#bytes += delivery.message.bytes;
    let dropped = 0;
    while (this.size > this.#bounds.queueMessagesMax || this.#bytes > this.#bounds.queueBytesMax) {
      if (this.shift() === undefined) break;
      dropped += 1;
    }
    return dropped;
  }

  shift(): Delivery | undefined {
    const delivery = this.#entries[this.#head];
    if (delivery === undefined) return undefined;
    this.#entries[this.#head] = undefined;
    this.#head += 1;
    this.#bytes -= delivery.message.bytes;
    if (this.#head === this.#entries.length || this.#head > HEAD_MAX) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return delivery;
  }
}
