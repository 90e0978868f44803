// Finds where packets begin and end, and nothing else: a load generator that parses is slower than the broker it measures.

/** Cuts a stream of bytes into MQTT packets. The bytes it is given may be overwritten after `push` returns. */
export class PacketReader {
  #onPacket;
  #rest = null;

  /** @param {(bytes: Buffer, start: number, body: number, end: number) => void} onPacket first byte, body and end of a packet */
  constructor(onPacket) {
    this.#onPacket = onPacket;
  }

  /** @param {Buffer} chunk what was read */
  push(chunk) {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (start + 2 <= bytes.length) {
      let body = start + 2;
      let length = bytes[start + 1];
      if (length > 127) {
        length &= 127;
        let shift = 7;
        let digit = 128;
        while (digit > 127 && body < bytes.length) {
          digit = bytes[body++];
          length |= (digit & 127) << shift;
          shift += 7;
        }
        if (digit > 127) break;
      }
      const end = body + length;
      if (end > bytes.length) break;
      this.#onPacket(bytes, start, body, end);
      start = end;
    }
    this.#rest = start === bytes.length ? null : Buffer.from(bytes.subarray(start));
  }
}
