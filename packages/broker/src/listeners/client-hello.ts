import { cipherName } from './cipher-names.ts';

/** What a client offers before anything is encrypted (RFC 8446 §4.1.2). */
export interface ClientHello {
  /** `TLSv1.3` and so on, newest first; unknown ones as hex. */
  readonly versions: readonly string[];
  /** OpenSSL's names; unknown ones as hex. */
  readonly ciphers: readonly string[];
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
}

/** Bytes of a hello that is waited for; post-quantum key shares make them about 2 KiB. */
const HELLO_BYTES_MAX = 16_384;
const RECORD_HEADER_BYTES = 5;
const HANDSHAKE_HEADER_BYTES = 4;
const RECORD_HANDSHAKE = 0x16;
const CLIENT_HELLO = 1;
const EXTENSION_SERVER_NAME = 0;
const EXTENSION_ALPN = 16;
const EXTENSION_VERSIONS = 43;
/** Longest name that is kept, of a server or a protocol. */
const NAME_BYTES_MAX = 255;
const VERSIONS: Readonly<Record<number, string>> = {
  0x0300: 'SSLv3',
  0x0301: 'TLSv1',
  0x0302: 'TLSv1.1',
  0x0303: 'TLSv1.2',
  0x0304: 'TLSv1.3',
};

/** The bytes of one TLS handshake message, put together from its records; undefined while some are missing. */
function helloMessage(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let total = 0;
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= bytes.length && bytes[at] === RECORD_HANDSHAKE) {
    const end = at + RECORD_HEADER_BYTES + bytes.readUInt16BE(at + 3);
    const part = bytes.subarray(at + RECORD_HEADER_BYTES, end);
    parts.push(part);
    total += part.length;
    at = end;
  }
  const joined = Buffer.concat(parts, total);
  if (joined.length < HANDSHAKE_HEADER_BYTES) return undefined;
  const length = HANDSHAKE_HEADER_BYTES + joined.readUIntBE(1, 3);
  return joined.length < length ? undefined : joined.subarray(0, length);
}

/** True when the handshake may begin: its hello is whole, or will not be so within the bound. */
export function isHelloWhole(bytes: Buffer): boolean {
  return bytes.length >= HELLO_BYTES_MAX || helloMessage(bytes) !== undefined;
}

/** Reads a hello for the record of a handshake that failed; undefined where it is none. Never throws. */
export function parseClientHello(bytes: Buffer): ClientHello | undefined {
  const message = helloMessage(bytes);
  if (message?.[0] !== CLIENT_HELLO) return undefined;
  const reader = new Reader(message.subarray(HANDSHAKE_HEADER_BYTES));
  const legacyVersion = reader.u16();
  reader.skip(32);
  reader.vector(1);
  const suites = numbers(reader.vector(2));
  reader.vector(1);
  const extensions = readExtensions(reader.vector(2));
  const offered = extensions.get(EXTENSION_VERSIONS);
  const versions = offered === undefined ? [legacyVersion] : numbers(offered.subarray(1));
  return {
    versions: versions.filter(isReal).map((version) => VERSIONS[version] ?? hex(version)),
    ciphers: suites.filter(isReal).map((suite) => cipherName(suite) ?? hex(suite)),
    serverName: serverName(extensions.get(EXTENSION_SERVER_NAME)),
    alpn: protocols(extensions.get(EXTENSION_ALPN)),
  };
}

/** Values that say something: no GREASE (RFC 8701), no signalling suites (RFC 5746, RFC 7507). */
function isReal(value: number): boolean {
  if (value === 0x00ff || value === 0x5600) return false;
  return (value & 0x0f0f) !== 0x0a0a || value >> 8 !== (value & 0xff);
}

const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0').toUpperCase()}`;

function numbers(bytes: Buffer): number[] {
  const reader = new Reader(bytes);
  const out: number[] = [];
  while (reader.leftBytes >= 2) out.push(reader.u16());
  return out;
}

function readExtensions(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const reader = new Reader(bytes);
  const out = new Map<number, Buffer>();
  while (reader.leftBytes >= 4) out.set(reader.u16(), reader.vector(2));
  return out;
}

/** The first host name of the list (RFC 6066 §3). */
function serverName(extension: Buffer | undefined): string | undefined {
  if (extension === undefined) return undefined;
  const reader = new Reader(new Reader(extension).vector(2));
  const isHostName = reader.u8() === 0;
  const name = reader.vector(2).toString('latin1', 0, NAME_BYTES_MAX);
  return isHostName && name !== '' ? name : undefined;
}

/** RFC 7301 §3.1. */
function protocols(extension: Buffer | undefined): readonly string[] {
  if (extension === undefined) return [];
  const reader = new Reader(new Reader(extension).vector(2));
  const out: string[] = [];
  while (reader.leftBytes > 0) out.push(reader.vector(1).toString('latin1'));
  return out;
}

/** Reads on whatever comes: beyond the end there are zeros and empty vectors. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get leftBytes(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  u8(): number {
    const value = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  /** Bytes behind a length of one or two bytes. */
  vector(lengthBytes: 1 | 2): Buffer {
    const length = lengthBytes === 1 ? this.u8() : this.u16();
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, start + length);
  }
}
