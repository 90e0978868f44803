import type { QoS } from '../protocol/packets.ts';
import { type DeliveryRecord, FORMAT, type MessageRecord, RecordKind } from './record-writer.ts';

/** Hears what a segment says, record by record. */
export interface RecordVisitor {
  session(id: number, head: string): void;
  sessionEnded(id: number): void;
  subscribed(session: number, subscription: string): void;
  unsubscribed(session: number, filter: string): void;
  message(message: MessageRecord): void;
  delivery(delivery: DeliveryRecord): void;
  deliveryDone(session: number, sequence: number): void;
  deliveryReleased(session: number, sequence: number): void;
  received(session: number, packetId: number): void;
  receivedReleased(session: number, packetId: number): void;
  /** `at`: milliseconds since the epoch; 0 where it was not written down. */
  retained(message: number, at: number): void;
  retainedGone(topic: string): void;
}

/**
 * Reads a segment that a `RecordWriter` wrote. @throws Error when it was written by a newer version, or by none: SQLite
 * has checked its pages, so that this is no matter of a torn write.
 */
export function readRecords(segment: Uint8Array, visitor: RecordVisitor): void {
  const reader = new SegmentReader(segment);
  const format = reader.u8();
  if (format !== FORMAT)
    throw new Error(`the journal has format ${format}, this version reads format ${FORMAT}`);
  while (!reader.atEnd()) readRecord(reader, visitor);
}

function readRecord(reader: SegmentReader, visitor: RecordVisitor): void {
  const kind = reader.u8();
  switch (kind) {
    case RecordKind.session:
      visitor.session(reader.number(), reader.text());
      return;
    case RecordKind.sessionEnded:
      visitor.sessionEnded(reader.number());
      return;
    case RecordKind.subscribed:
      visitor.subscribed(reader.number(), reader.text());
      return;
    case RecordKind.unsubscribed:
      visitor.unsubscribed(reader.number(), reader.text());
      return;
    case RecordKind.message:
      visitor.message(readMessage(reader));
      return;
    case RecordKind.delivery:
      visitor.delivery(readDelivery(reader));
      return;
    case RecordKind.deliveryDone:
      visitor.deliveryDone(reader.number(), reader.number());
      return;
    case RecordKind.deliveryReleased:
      visitor.deliveryReleased(reader.number(), reader.number());
      return;
    case RecordKind.received:
      visitor.received(reader.number(), reader.number());
      return;
    case RecordKind.receivedReleased:
      visitor.receivedReleased(reader.number(), reader.number());
      return;
    case RecordKind.retained:
      visitor.retained(reader.number(), 0);
      return;
    case RecordKind.retainedAt:
      visitor.retained(reader.number(), reader.number());
      return;
    case RecordKind.retainedGone:
      visitor.retainedGone(reader.text());
      return;
    default:
      throw new Error(`the journal has a record of an unknown kind (${kind})`);
  }
}

function readMessage(reader: SegmentReader): MessageRecord {
  const id = reader.number();
  const flags = reader.u8();
  return {
    id,
    qos: qosOf(flags),
    retain: (flags & 1) === 1,
    expiresAt: reader.number(),
    topic: reader.remembered('topic'),
    publisher: reader.remembered('publisher'),
    principal: reader.remembered('principal'),
    properties: reader.binary(),
    payload: reader.binary(),
  };
}

const NO_IDS: readonly number[] = [];

function readDelivery(reader: SegmentReader): DeliveryRecord {
  const session = reader.number();
  const sequence = reader.number();
  const message = reader.number();
  const flags = reader.u8();
  const count = reader.u32();
  const subscriptionIds = count === 0 ? NO_IDS : Array.from({ length: count }, () => reader.u32());
  return { session, sequence, message, qos: qosOf(flags), retain: (flags & 1) === 1, subscriptionIds };
}

function qosOf(flags: number): QoS {
  const qos = flags >> 1;
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw new Error(`the journal has a message of QoS ${qos}`);
}

/** A text and where it stands. */
interface Remembered {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const NOTHING: Remembered = { start: 0, end: 0, text: '' };
const EMPTY = Buffer.alloc(0);

/** Views into the segment; a length that leads out of it throws. */
class SegmentReader {
  readonly #bytes: Buffer;
  #at = 0;
  /** What messages that follow one another often have in common: it is one string then. */
  readonly #remembered = { topic: NOTHING, publisher: NOTHING, principal: NOTHING };

  constructor(segment: Uint8Array) {
    this.#bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.byteLength);
  }

  atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u8(): number {
    this.#at += 1;
    return this.#bytes.readUInt8(this.#at - 1);
  }

  u32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  number(): number {
    this.#at += 8;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }

  text(): string {
    const end = this.#end();
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }

  remembered(what: 'topic' | 'publisher' | 'principal'): string {
    const end = this.#end();
    const start = this.#at;
    const last = this.#remembered[what];
    this.#at = end;
    if (this.#bytes.compare(this.#bytes, start, end, last.start, last.end) === 0) return last.text;
    const text = this.#bytes.toString('utf8', start, end);
    this.#remembered[what] = { start, end, text };
    return text;
  }

  binary(): Buffer {
    const end = this.#end();
    const view = end === this.#at ? EMPTY : this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }

  /** Reads a length and tells where what has it ends. */
  #end(): number {
    const length = this.u32();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error('the journal breaks off within a record');
    return end;
  }
}
