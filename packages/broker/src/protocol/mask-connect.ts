import type { Frame } from './framing.ts';

const MASK = '*'.charCodeAt(0);
const TOKEN_START = Buffer.from('eyJ');

const FLAG = { username: 0x80, password: 0x40, will: 0x04 } as const;
const MQTT_5 = 5;
/** `MQIsdp`, the longer of the two names (MQTT 3.1). */
const PROTOCOL_NAME_BYTES_MAX = 6;

/** Bytes of the value of each CONNECT property whose length is fixed (MQTT 5.0 §3.1.2.11). */
const FIXED_PROPERTY_BYTES: ReadonlyMap<number, number> = new Map([
  [0x11, 4],
  [0x17, 1],
  [0x19, 1],
  [0x21, 2],
  [0x22, 2],
  [0x27, 4],
]);
const AUTHENTICATION_METHOD = 0x15;

/**
 * A copy of a CONNECT that may be shown. It begins as nothing but `*`; only what is known to be no secret is copied
 * over it: headers, numbers, client ID, will topic, username. Password, will payload and properties, authentication
 * data, user properties, a username that is a token, and all that cannot be understood stay masked. Lengths stay.
 * Of a CONNECT that is not `valid` only what comes before its client ID is shown: a wrong length may lie about where
 * the password is.
 */
export function maskConnect({ bytes, header }: Frame, valid: boolean): Buffer {
  const shown = Buffer.alloc(bytes.length, MASK);
  const reader = new Reader(bytes, shown, header);
  bytes.copy(shown, 0, 0, header);
  try {
    const { version, flags } = copyHeader(reader);
    if (valid) copyFields(reader, version, flags);
  } catch (error) {
    // Broken off: what follows stays masked.
    if (!(error instanceof RangeError)) throw error;
  }
  return shown;
}

function copyHeader(reader: Reader): { readonly version: number; readonly flags: number } {
  reader.text({ bytesMax: PROTOCOL_NAME_BYTES_MAX });
  const [version = 0, flags = 0] = reader.show(2);
  reader.show(2);
  return { version, flags };
}

function copyFields(reader: Reader, version: number, flags: number): void {
  if (version === MQTT_5) copyProperties(reader);
  reader.text();
  if ((flags & FLAG.will) !== 0) {
    if (version === MQTT_5) reader.hide(reader.varint());
    reader.text();
    reader.hide(reader.length());
  }
  if ((flags & FLAG.username) !== 0) reader.text({ tokens: 'masked' });
}

function copyProperties(reader: Reader): void {
  const end = reader.varint() + reader.at;
  while (reader.at < end) {
    const [id = 0] = reader.show(1);
    const fixed = FIXED_PROPERTY_BYTES.get(id);
    if (fixed !== undefined) reader.show(fixed);
    else if (id === AUTHENTICATION_METHOD) reader.text();
    else break;
  }
  // Authentication data, user properties and what is unknown: the rest is masked, whatever it holds.
  reader.hide(end - reader.at);
}

/** Walks over `bytes` and copies to `shown` what it is told to; throws RangeError where the bytes end. */
class Reader {
  readonly #bytes: Buffer;
  readonly #shown: Buffer;
  #at: number;

  constructor(bytes: Buffer, shown: Buffer, at: number) {
    this.#bytes = bytes;
    this.#shown = shown;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  show(count: number): Buffer {
    const from = this.#at;
    this.hide(count);
    this.#bytes.copy(this.#shown, from, from, this.#at);
    return this.#bytes.subarray(from, this.#at);
  }

  hide(count: number): void {
    if (count < 0 || this.#at + count > this.#bytes.length) throw new RangeError('the packet breaks off');
    this.#at += count;
  }

  length(): number {
    return this.show(2).readUInt16BE();
  }

  text(options: { readonly tokens?: 'masked'; readonly bytesMax?: number } = {}): void {
    const length = this.length();
    if (length > (options.bytesMax ?? length)) throw new RangeError('no protocol name is that long');
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    if (options.tokens === 'masked' && value.subarray(0, TOKEN_START.length).equals(TOKEN_START)) {
      this.hide(length);
    } else this.show(length);
  }

  /** A variable byte integer (MQTT 5.0 §1.5.5). */
  varint(): number {
    let value = 0;
    for (let index = 0; index < 4; index += 1) {
      const [byte = 0] = this.show(1);
      value += (byte & 0x7f) * 128 ** index;
      if ((byte & 0x80) === 0) return value;
    }
    throw new RangeError('the length is too long');
  }
}
