import { field, frame } from '../support/raw-client.ts';
import type { Level } from './support.ts';

const NOTHING = Buffer.alloc(0);

/** Strings that are no UTF-8: a stray byte, a surrogate, an overlong form. */
export const ILL_FORMED: readonly Buffer[] = [
  Buffer.from([0x61, 0xff]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xc0, 0xaf]),
];

/** Flags whose reserved bits are wrong, by packet: PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. */
export const WRONG_HEADERS = [0x41, 0x51, 0x60, 0x71, 0x80, 0xa0, 0xc1, 0xe1] as const;

export const packetId = (id: number): Buffer => Buffer.from([id >> 8, id & 0xff]);

/** A property list with its length, of less than 128 bytes; nothing in MQTT 3. */
export function properties(level: Level, list: Buffer = NOTHING): Buffer {
  return level === 5 ? Buffer.concat([Buffer.from([list.length]), list]) : NOTHING;
}

/** A user property; its halves may be wrong. */
export const userProperty = (name: string | Buffer, value: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from([38]), field(name), field(value)]);

/** A property with a text or binary value. */
export const longProperty = (identifier: number, value: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from([identifier]), field(value)]);

interface PublishParts {
  readonly header?: number;
  readonly topic?: string | Buffer;
  readonly id?: number;
  readonly list?: Buffer;
  readonly payload?: string;
}

/** A PUBLISH whose parts can be wrong. */
export function publishBytes(level: Level, parts: PublishParts = {}): Buffer {
  const { header = 0x30, topic = 't', id, list, payload = 'x' } = parts;
  const idBytes = id === undefined ? NOTHING : packetId(id);
  return frame(header, Buffer.concat([field(topic), idBytes, properties(level, list), Buffer.from(payload)]));
}

interface FilterParts {
  readonly header?: number;
  readonly id?: number;
  readonly list?: Buffer;
  readonly filters?: readonly (string | Buffer)[];
  /** Options of each filter; left out for UNSUBSCRIBE. */
  readonly options?: number;
}

function filterBytes(level: Level, { header = 0x82, id = 1, list, filters = ['t'], options }: FilterParts) {
  const each = filters.map((filter) =>
    Buffer.concat([field(filter), options === undefined ? NOTHING : Buffer.from([options])]),
  );
  return frame(header, Buffer.concat([packetId(id), properties(level, list), ...each]));
}

/** A SUBSCRIBE whose parts can be wrong. */
export const subscribeBytes = (level: Level, parts: FilterParts = {}): Buffer =>
  filterBytes(level, { options: 0, ...parts });

/** An UNSUBSCRIBE whose parts can be wrong. */
export const unsubscribeBytes = (level: Level, parts: FilterParts = {}): Buffer =>
  filterBytes(level, { header: 0xa2, ...parts });

interface ConnectParts {
  readonly name?: string;
  readonly version?: number;
  readonly flags?: number;
  readonly list?: Buffer;
  /** Client identifier and what follows it. */
  readonly payload?: readonly Buffer[];
}

/** A CONNECT whose parts can be wrong. */
export function connectBytes(level: Level, parts: ConnectParts = {}): Buffer {
  const { name = 'MQTT', version = level, flags = 0x02, list, payload = [field('c')] } = parts;
  return frame(
    0x10,
    Buffer.concat([field(name), Buffer.from([version, flags, 0, 60]), properties(level, list), ...payload]),
  );
}

/** The will's part of a CONNECT payload. */
export const willBytes = (level: Level, topic: string | Buffer, list?: Buffer): Buffer =>
  Buffer.concat([properties(level, list), field(topic), field('gone')]);
