import { type Delivery, keep } from '../router/message.ts';
import type { Held } from './held.ts';

/** What the client owes next for a message in flight. */
type AwaitedAck = 'puback' | 'pubrec' | 'pubcomp';

export interface InflightEntry {
  readonly delivery: Delivery;
  awaiting: AwaitedAck;
}

/** Packet ids are 1 … 65 535 (MQTT 5.0 §2.2.1). */
const PACKET_ID_MAX = 65_535;

/** QoS 1 and 2 messages sent and not yet acknowledged, in the order in which they were sent. */
export class Inflight {
  readonly #entries = new Map<number, InflightEntry>();
  readonly #held: Held;
  #lastId = 0;

  constructor(held: Held) {
    this.#held = held;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Takes the next packet id that is not in use. The caller keeps fewer than 65 535 in flight. */
  add(delivery: Delivery): number {
    keep(delivery.message);
    this.#held.add(delivery.message.bytes);
    do {
      this.#lastId = this.#lastId === PACKET_ID_MAX ? 1 : this.#lastId + 1;
    } while (this.#entries.has(this.#lastId));
    this.#entries.set(this.#lastId, { delivery, awaiting: delivery.qos === 1 ? 'puback' : 'pubrec' });
    return this.#lastId;
  }

  get(packetId: number): InflightEntry | undefined {
    return this.#entries.get(packetId);
  }

  delete(packetId: number): void {
    this.#held.add(-(this.#entries.get(packetId)?.delivery.message.bytes ?? 0));
    this.#entries.delete(packetId);
  }

  /** Forgets everything: the session has ended. */
  clear(): void {
    for (const packetId of [...this.#entries.keys()]) this.delete(packetId);
  }

  [Symbol.iterator](): IterableIterator<[number, InflightEntry]> {
    return this.#entries[Symbol.iterator]();
  }
}
