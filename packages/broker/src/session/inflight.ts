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

/** Derived from the sequence, so that a message has the same packet id after a restart, without a note of it. */
export const packetIdOf = (sequence: number): number => 1 + ((sequence - 1) % PACKET_ID_MAX);

const NO_ENTRIES = new Map<number, InflightEntry>();

/** QoS 1 and 2 messages sent and not yet acknowledged, in the order in which they were sent. */
export class Inflight {
  /** Made with the first: most sessions never have one. */
  #entries: Map<number, InflightEntry> | undefined;
  readonly #held: Held;

  constructor(held: Held) {
    this.#held = held;
  }

  get size(): number {
    return this.#entries?.size ?? 0;
  }

  /** Returns its packet id, which the caller has seen to be free. */
  add(delivery: Delivery, awaiting: AwaitedAck): number {
    keep(delivery.message);
    this.#held.add(delivery.message.bytes);
    const packetId = packetIdOf(delivery.sequence);
    this.#entries ??= new Map();
    this.#entries.set(packetId, { delivery, awaiting });
    return packetId;
  }

  get(packetId: number): InflightEntry | undefined {
    return this.#entries?.get(packetId);
  }

  delete(packetId: number): void {
    const entry = this.#entries?.get(packetId);
    if (entry === undefined) return;
    this.#held.add(-entry.delivery.message.bytes);
    this.#entries?.delete(packetId);
  }

  /** Forgets everything: the session has ended. */
  clear(): void {
    for (const [packetId] of [...this]) this.delete(packetId);
  }

  [Symbol.iterator](): IterableIterator<[number, InflightEntry]> {
    return (this.#entries ?? NO_ENTRIES)[Symbol.iterator]();
  }
}
