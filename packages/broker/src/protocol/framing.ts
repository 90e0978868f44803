/** One packet's bytes: fixed header, `header` bytes long, and body. */
export interface Frame {
  readonly bytes: Buffer;
  /** Bytes of the fixed header: the body starts there. */
  readonly header: number;
}

/** Why the stream cannot be split any further. Final: nothing after it is read. */
export type FramingFault =
  { readonly kind: 'too-large'; readonly bytes: number } | { readonly kind: 'bad-length' };

export type FramingResult = Frame | FramingFault | undefined;

/** Bytes of the longest fixed header: type and four of remaining length (MQTT 5.0 §2.1.4). */
const HEADER_BYTES_MAX = 5;

/**
 * Splits a byte stream into frames. The size is judged as soon as the fixed header is complete, before the body is
 * waited for, so that a header that promises 256 MiB costs five bytes.
 */
export class Framer {
  #limitBytes: number;
  /** The first one from `#at` on. */
  #chunks: Buffer[] = [];
  #at = 0;
  #bytes = 0;
  /** Bytes the frame at the front needs in all; undefined until its header is complete. */
  #needed: number | undefined;
  #header = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes received and not yet taken as frames. */
  get bufferedBytes(): number {
    return this.#bytes;
  }

  set limitBytes(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** The first `count` bytes, or fewer. For looking at what a stream starts with. */
  peek(count: number): Buffer {
    const start = Buffer.alloc(Math.min(count, this.#bytes));
    for (let index = 0; index < start.length; index += 1) start[index] = this.#byteAt(index);
    return start;
  }

  /** The next whole frame; undefined while it is incomplete. */
  next(): FramingResult {
    if (this.#needed === undefined) {
      const fault = this.#readHeader();
      if (fault !== undefined) return fault;
    }
    if (this.#needed === undefined) return undefined;
    if (this.#needed > this.#limitBytes) return { kind: 'too-large', bytes: this.#needed };
    if (this.#bytes < this.#needed) return undefined;
    return this.#takeFrame(this.#needed);
  }

  #readHeader(): FramingFault | undefined {
    const end = Math.min(HEADER_BYTES_MAX, this.#bytes);
    let remaining = 0;
    for (let index = 1; index < end; index += 1) {
      const byte = this.#byteAt(index);
      remaining += (byte & 0x7f) * 128 ** (index - 1);
      if ((byte & 0x80) !== 0) continue;
      // [MQTT-1.5.5-1] the shortest form only.
      if (byte === 0 && index > 1) return { kind: 'bad-length' };
      this.#header = index + 1;
      this.#needed = this.#header + remaining;
      return undefined;
    }
    return end === HEADER_BYTES_MAX ? { kind: 'bad-length' } : undefined;
  }

  /** Nearly always in the first chunk; a packet may come a byte at a time. */
  #byteAt(index: number): number {
    let at = this.#at + index;
    for (const chunk of this.#chunks) {
      if (at < chunk.length) return chunk[at] ?? 0;
      at -= chunk.length;
    }
    return 0;
  }

  /** A view into the chunk that it came in, where it came in one. */
  #takeFrame(needed: number): Frame {
    let [first = EMPTY] = this.#chunks;
    if (first.length - this.#at < needed) {
      this.#chunks[0] = first.subarray(this.#at);
      first = Buffer.concat(this.#chunks);
      this.#chunks = [first];
      this.#at = 0;
    }
    const end = this.#at + needed;
    const bytes = first.subarray(this.#at, end);
    this.#at = end;
    if (end === first.length) {
      this.#chunks.shift();
      this.#at = 0;
    }
    this.#bytes -= needed;
    this.#needed = undefined;
    return { bytes, header: this.#header };
  }
}

const EMPTY = Buffer.alloc(0);
