import { isUtf8 } from 'node:buffer';
import { type Fault, malformed } from './fault.ts';

const EMPTY = Buffer.alloc(0);

/** A checked text as bytes and as a string: publishers send to one topic again and again. */
export interface TextMemory {
  bytes: Buffer;
  text: string;
}

/** Bytes up to which a loop is faster than a call into Node's own code, which costs as much as thirty of its rounds. */
const LOOP_BYTES_MAX = 64;

/** Whether the `length` bytes from `at` on are these. */
function isSame(frame: Buffer, at: number, length: number, bytes: Buffer): boolean {
  if (bytes.length !== length) return false;
  if (length > LOOP_BYTES_MAX) return frame.compare(bytes, 0, length, at, at + length) === 0;
  for (let index = 0; index < length; index += 1) if (frame[at + index] !== bytes[index]) return false;
  return true;
}

/** Remembers nothing yet. */
export const emptyMemory = (): TextMemory => ({ bytes: EMPTY, text: '' });

/**
 * Reads MQTT data types from one whole frame. The first thing that does not fit is kept as `fault()` and every later
 * read gives an empty value, so that a parser reads straight on and asks once at its end.
 */
export class FrameReader {
  readonly frame: Buffer;
  position: number;
  #fault: Fault | undefined;

  constructor(frame: Buffer, position: number) {
    this.frame = frame;
    this.position = position;
  }

  /** Keeps the first fault. */
  fail(fault: Fault): void {
    this.#fault ??= fault;
  }

  /** The first thing that did not fit; undefined while all is well. */
  fault(): Fault | undefined {
    return this.#fault;
  }

  atEnd(): boolean {
    return this.position >= this.frame.length;
  }

  #take(bytes: number, what: string): number {
    const start = this.position;
    if (this.#fault !== undefined || start + bytes > this.frame.length) {
      this.fail(malformed(what));
      return -1;
    }
    this.position = start + bytes;
    return start;
  }

  u8(what: string): number {
    const at = this.#take(1, what);
    return at < 0 ? 0 : this.frame.readUInt8(at);
  }

  u16(what: string): number {
    const at = this.#take(2, what);
    return at < 0 ? 0 : this.frame.readUInt16BE(at);
  }

  u32(what: string): number {
    const at = this.#take(4, what);
    return at < 0 ? 0 : this.frame.readUInt32BE(at);
  }

  /** Variable byte integer, at most four bytes and no longer than needed (MQTT 5.0 §1.5.5). */
  varint(what: string): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8(what);
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) !== 0) continue;
      if (byte === 0 && shift > 0) this.fail(malformed(what));
      return value;
    }
    this.fail(malformed(what));
    return 0;
  }

  /** Binary data with its two-byte length: a view, not a copy. */
  binary(what: string): Buffer {
    const length = this.u16(what);
    const at = this.#take(length, what);
    return at < 0 ? EMPTY : this.frame.subarray(at, at + length);
  }

  /** The bytes of a UTF-8 string, checked. */
  utf8(what: string): Buffer {
    const bytes = this.binary(what);
    this.checkUtf8(bytes, what);
    return bytes;
  }

  /** [MQTT-1.5.4-1] ill-formed UTF-8, [MQTT-1.5.4-2] U+0000. */
  checkUtf8(bytes: Buffer, what: string): void {
    if (!isUtf8(bytes)) this.fail(malformed(`${what}-not-utf8`));
    else if (bytes.includes(0)) this.fail(malformed(`${what}-has-u0000`));
  }

  text(what: string): string {
    return this.utf8(what).toString('utf8');
  }

  /** A text that is probably the one that was read last. */
  remembered(what: string, memory: TextMemory): string {
    const length = this.u16(what);
    const at = this.#take(length, what);
    if (at < 0) return '';
    if (isSame(this.frame, at, length, memory.bytes)) return memory.text;
    const read = this.frame.subarray(at, at + length);
    this.checkUtf8(read, what);
    if (this.#fault !== undefined) return '';
    memory.bytes = Buffer.from(read);
    memory.text = read.toString('utf8');
    return memory.text;
  }

  /** [MQTT-2.2.1-3] a packet identifier is never 0. */
  packetId(): number {
    const id = this.u16('packet-id');
    if (id === 0) this.fail(malformed('packet-id-zero'));
    return id;
  }

  /** Nothing may follow the last field. */
  end(): void {
    if (this.#fault === undefined && !this.atEnd()) this.fail(malformed('trailing-bytes'));
  }
}
