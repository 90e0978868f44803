// What goes over NATS around a payload: who sent it, in which incarnation, its number, and the topic where the subject does
// not tell it.

const VERSION = 1;
const VERSION_AT = 0;
const NAME_LENGTH_AT = 1;
const NAME_AT = 3;
const NUMBER_BYTES = 8;
const LENGTH_BYTES = 2;

/** Numbers that a millisecond has; with the time in front they stay whole in a double until the year 2248. */
const PER_MS = 1_024;

/** What is read out of a message. */
export interface Envelope {
  readonly from: string;
  /** Which life of that node it is: a later one replaced the ones before. */
  readonly incarnation: number;
  /** Rises with each message of a sender. */
  readonly number: number;
  readonly body: Uint8Array;
}

/** Wraps what one sender says. */
export class Sealer {
  readonly #head: Buffer;
  // Another sealer of the same incarnation goes on beyond where this one stopped: no one sends so many in a millisecond.
  #number = Date.now() * PER_MS;

  constructor(node: string, incarnation: number) {
    const name = Buffer.from(node);
    this.#head = Buffer.alloc(NAME_AT + name.length + 2 * NUMBER_BYTES);
    this.#head[VERSION_AT] = VERSION;
    this.#head.writeUInt16BE(name.length, NAME_LENGTH_AT);
    name.copy(this.#head, NAME_AT);
    this.#head.writeDoubleBE(incarnation, NAME_AT + name.length);
  }

  /** What it adds to a payload. */
  get overheadBytes(): number {
    return this.#head.length;
  }

  /** A copy of the payload in its envelope: the caller may go on with what it gave. */
  seal(payload: Uint8Array): Buffer {
    const head = this.#head;
    const message = Buffer.allocUnsafe(head.length + payload.length);
    this.#number += 1;
    head.writeDoubleBE(this.#number, head.length - NUMBER_BYTES);
    message.set(head);
    message.set(payload, head.length);
    return message;
  }
}

/** Undefined for what no Sealer made. */
export function open(message: Uint8Array): Envelope | undefined {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (bytes.length < NAME_AT || bytes[VERSION_AT] !== VERSION) return undefined;
  const numbersAt = NAME_AT + bytes.readUInt16BE(NAME_LENGTH_AT);
  const bodyAt = numbersAt + 2 * NUMBER_BYTES;
  if (bytes.length < bodyAt) return undefined;
  return {
    from: bytes.toString('utf8', NAME_AT, numbersAt),
    incarnation: bytes.readDoubleBE(numbersAt),
    number: bytes.readDoubleBE(numbersAt + NUMBER_BYTES),
    body: bytes.subarray(bodyAt),
  };
}

/** A payload with its topic before it. */
export function withTopic(topic: string, payload: Uint8Array): Buffer {
  const text = Buffer.from(topic);
  const message = Buffer.allocUnsafe(LENGTH_BYTES + text.length + payload.length);
  message.writeUInt16BE(text.length);
  message.set(text, LENGTH_BYTES);
  message.set(payload, LENGTH_BYTES + text.length);
  return message;
}

/** The opposite of `withTopic`. */
export function splitTopic(
  body: Uint8Array,
): { readonly topic: string; readonly payload: Uint8Array } | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt16BE();
  if (bytes.length < end) return undefined;
  return { topic: bytes.toString('utf8', LENGTH_BYTES, end), payload: bytes.subarray(end) };
}

/** Other nodes that are remembered at once; above it the one heard first is forgotten. */
const SENDERS_MAX = 1_024;

/**
 * Which messages were heard already: one that several subscriptions match comes once for each, and a connection keeps the
 * order, so whatever is not beyond the last of its sender was told. So is what a sender says that was replaced.
 */
export class Heard {
  readonly #last = new Map<string, { readonly incarnation: number; number: number }>();

  isNew({ from, incarnation, number }: Envelope): boolean {
    const last = this.#last.get(from);
    if (last === undefined || incarnation > last.incarnation) {
      this.#last.delete(from);
      this.#last.set(from, { incarnation, number });
      const [oldest] = this.#last.keys();
      if (this.#last.size > SENDERS_MAX && oldest !== undefined) this.#last.delete(oldest);
      return true;
    }
    if (incarnation < last.incarnation || number <= last.number) return false;
    last.number = number;
    return true;
  }
}
