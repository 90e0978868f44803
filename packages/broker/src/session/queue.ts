import type { Limits } from '../config.ts';
import { type Delivery, keep } from '../router/message.ts';
import type { Held, HeldTotal } from './held.ts';

type QueueBound = 'queueMessagesMax' | 'queueBytesMax' | 'queueBytesTotalMax';
type QueueBounds = Pick<Limits, QueueBound>;

/** How many taken entries may stand at the front of the array before it is cut. */
const HEAD_MAX = 1_024;

/** Messages that wait for a session: first in, first out; over its bounds the oldest are dropped. */
export class MessageQueue {
  readonly #bounds: QueueBounds;
  readonly #held: Held;
  readonly #total: HeldTotal;
  readonly #dropped: (bound: QueueBound, delivery: Delivery) => void;
  #entries: (Delivery | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  /** `held` is what the session holds in all, in flight included; `dropped` hears of each message that had to go. */
  constructor(
    bounds: QueueBounds,
    held: Held,
    total: HeldTotal,
    dropped: (bound: QueueBound, delivery: Delivery) => void,
  ) {
    this.#bounds = bounds;
    this.#held = held;
    this.#total = total;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** Bytes of what waits: what could be dropped. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends, and drops what has to make room: of its own by the session's bounds, of the largest queue by the bound of
   * all together.
   */
  push(delivery: Delivery): void {
    keep(delivery.message);
    this.#entries.push(delivery);
    this.#account(delivery.message.bytes);
    for (let bound = this.#exceeded(); bound !== undefined; bound = this.#exceeded()) {
      if (!this.drop(bound)) break;
    }
    while (this.#total.bytes > this.#bounds.queueBytesTotalMax) {
      if (this.#total.largest()?.drop('queueBytesTotalMax') !== true) return;
    }
  }

  /** Whether one more would be within the bounds in bytes, waiting or in flight. */
  hasRoomFor({ message }: Delivery): boolean {
    const { queueBytesMax, queueBytesTotalMax } = this.#bounds;
    return (
      this.#held.bytes + message.bytes <= queueBytesMax &&
      this.#total.bytes + message.bytes <= queueBytesTotalMax
    );
  }

  /** Gives up its oldest message, and tells; false when there is none. */
  drop(bound: QueueBound): boolean {
    const delivery = this.shift();
    if (delivery === undefined) return false;
    this.#dropped(bound, delivery);
    return true;
  }

  /** Takes out whatever passes the test, wherever it stands. */
  take(isTaken: (delivery: Delivery) => boolean): readonly Delivery[] {
    const taken: Delivery[] = [];
    const left: Delivery[] = [];
    for (const delivery of this) (isTaken(delivery) ? taken : left).push(delivery);
    if (taken.length === 0) return taken;
    this.#entries = left;
    this.#head = 0;
    for (const { message } of taken) this.#account(-message.bytes);
    return taken;
  }

  /** The message whose turn it is. */
  get first(): Delivery | undefined {
    return this.#entries[this.#head];
  }

  *[Symbol.iterator](): IterableIterator<Delivery> {
    for (let index = this.#head; index < this.#entries.length; index += 1) {
      const delivery = this.#entries[index];
      if (delivery !== undefined) yield delivery;
    }
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

  #exceeded(): QueueBound | undefined {
    if (this.size > this.#bounds.queueMessagesMax) return 'queueMessagesMax';
    return this.#held.bytes > this.#bounds.queueBytesMax ? 'queueBytesMax' : undefined;
  }

  #account(bytes: number): void {
    const before = this.#bytes;
    this.#bytes += bytes;
    this.#held.add(bytes);
    this.#total.resized(this, before);
  }
}
