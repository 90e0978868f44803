import type { QoS } from '../protocol/packets.ts';

/** First byte of every segment: the version of what follows. */
export const FORMAT = 1;

/** What a record says; the first byte of each. Numbers are never used again for something else. */
export const RecordKind = {
  /** A session is there, with all that is in its head. */
  session: 1,
  sessionEnded: 2,
  subscribed: 3,
  unsubscribed: 4,
  /** A message, for the deliveries and retained topics that name it. */
  message: 5,
  /** A message waits for a session, or is in flight to it. */
  delivery: 6,
  /** The session's client has taken the message, or will never get it. */
  deliveryDone: 7,
  /** The client has received a QoS 2 message; PUBREL is next. */
  deliveryReleased: 8,
  /** The client has sent a QoS 2 message of this packet id. */
  received: 9,
  receivedReleased: 10,
  /** Of old: without the time. */
  retained: 11,
  retainedGone: 12,
  retainedAt: 13,
} as const;

/** The parts of a message that are written. */
export interface MessageRecord {
  readonly id: number;
  readonly topic: string;
  readonly payload: Buffer;
  readonly properties: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly publisher: string;
  /** Whose it is, as JSON; empty for the server's own. */
  readonly principal: string;
  /** Milliseconds since the epoch; 0 never expires. */
  readonly expiresAt: number;
}

/** The parts of a delivery that are written. */
export interface DeliveryRecord {
  readonly session: number;
  /** Rises with every delivery of the session; its packet id derives from it. */
  readonly sequence: number;
  readonly message: number;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly subscriptionIds: readonly number[];
}

const INITIAL_BYTES = 16_384;
/** Bytes of `FORMAT` at the head of each segment. */
const FORMAT_BYTES = 1;

/** Writes the records of one segment, one behind the other; little-endian, texts with their length before them. */
export class RecordWriter {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #at = 0;
  #records = 0;

  constructor() {
    this.#u8(FORMAT);
  }

  get bytes(): number {
    return this.#at;
  }

  get records(): number {
    return this.#records;
  }

  /** What was written, with memory of its own; the writer is not used afterwards. */
  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.#at);
  }

  /** Goes on with what another has written; the other is not used afterwards. */
  absorb(later: RecordWriter): void {
    const bytes = later.#buffer.subarray(FORMAT_BYTES, later.#at);
    this.#reserve(bytes.length);
    this.#at += bytes.copy(this.#buffer, this.#at);
    this.#records += later.#records;
  }

  session(id: number, head: string): void {
    this.#begin(RecordKind.session);
    this.#number(id);
    this.#text(head);
  }

  sessionEnded(id: number): void {
    this.#begin(RecordKind.sessionEnded);
    this.#number(id);
  }

  subscribed(session: number, subscription: string): void {
    this.#begin(RecordKind.subscribed);
    this.#number(session);
    this.#text(subscription);
  }

  unsubscribed(session: number, filter: string): void {
    this.#begin(RecordKind.unsubscribed);
    this.#number(session);
    this.#text(filter);
  }

  message(message: MessageRecord): void {
    this.#begin(RecordKind.message);
    this.#number(message.id);
    this.#u8((message.qos << 1) | (message.retain ? 1 : 0));
    this.#number(message.expiresAt);
    this.#text(message.topic);
    this.#text(message.publisher);
    this.#text(message.principal);
    this.#binary(message.properties);
    this.#binary(message.payload);
  }

  delivery(delivery: DeliveryRecord): void {
    this.#begin(RecordKind.delivery);
    this.#number(delivery.session);
    this.#number(delivery.sequence);
    this.#number(delivery.message);
    this.#u8((delivery.qos << 1) | (delivery.retain ? 1 : 0));
    const { subscriptionIds } = delivery;
    this.#u32(subscriptionIds.length);
    for (const id of subscriptionIds) this.#u32(id);
  }

  deliveryDone(session: number, sequence: number): void {
    this.#pair(RecordKind.deliveryDone, session, sequence);
  }

  deliveryReleased(session: number, sequence: number): void {
    this.#pair(RecordKind.deliveryReleased, session, sequence);
  }

  received(session: number, packetId: number): void {
    this.#pair(RecordKind.received, session, packetId);
  }

  receivedReleased(session: number, packetId: number): void {
    this.#pair(RecordKind.receivedReleased, session, packetId);
  }

  retained(message: number, at: number): void {
    this.#begin(RecordKind.retainedAt);
    this.#number(message);
    this.#number(at);
  }

  retainedGone(topic: string): void {
    this.#begin(RecordKind.retainedGone);
    this.#text(topic);
  }

  #pair(kind: number, session: number, value: number): void {
    this.#begin(kind);
    this.#number(session);
    this.#number(value);
  }

  #begin(kind: number): void {
    this.#records += 1;
    this.#u8(kind);
  }

  /** An integer up to 2^53: as a double, so that ids and times never wrap. */
  #number(value: number): void {
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  #u8(value: number): void {
    this.#reserve(1);
    this.#at = this.#buffer.writeUInt8(value, this.#at);
  }

  #u32(value: number): void {
    this.#reserve(4);
    this.#at = this.#buffer.writeUInt32LE(value, this.#at);
  }

  #text(value: string): void {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#reserve(4 + value.length * 3);
    const bytes = this.#buffer.write(value, this.#at + 4, 'utf8');
    this.#buffer.writeUInt32LE(bytes, this.#at);
    this.#at += 4 + bytes;
  }

  #binary(value: Buffer): void {
    this.#u32(value.length);
    this.#reserve(value.length);
    this.#at += value.copy(this.#buffer, this.#at);
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
