import { field, frame } from '../support/raw-client.ts';
import type { Random } from './random.ts';

export type Version = 3 | 4 | 5;

const NOTHING = Buffer.alloc(0);
const LEVELS = ['a', 'b', 'c', '', 'ä/ö', '$x', '😀', '\uFEFF', ' '] as const;

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u32 = (random: Random): Buffer =>
  random.chance(0.5) ? Buffer.from([0, 0, 0, random.byte()]) : random.bytes(4);

/** Small, so that identifiers meet again. */
const packetId = (random: Random): Buffer =>
  u16(random.chance(0.95) ? 1 + random.below(12) : random.below(65_536));

function topic(random: Random): string {
  const levels = Array.from({ length: 1 + random.below(4) }, () => random.pick(LEVELS));
  return levels.join('/');
}

function filter(random: Random): string {
  const levels: string[] = Array.from({ length: 1 + random.below(4) }, () =>
    random.chance(0.3) ? '+' : random.pick(LEVELS),
  );
  if (random.chance(0.3)) levels[levels.length - 1] = '#';
  return (random.chance(0.2) ? `$share/${random.pick(['g', 'h', ''])}/` : '') + levels.join('/');
}

const text = (random: Random): Buffer =>
  field(random.pick(['', 'x', 'text/plain', 'ä', '😀', 'x'.repeat(200)]));

/** Every property of MQTT 5 with a value of its type, for wherever it may stand. */
const PROPERTIES: readonly [(random: Random) => Buffer, ...((random: Random) => Buffer)[]] = [
  (random) => Buffer.from([1, random.below(2)]),
  (random) => Buffer.concat([Buffer.from([2]), u32(random)]),
  (random) => Buffer.concat([Buffer.from([3]), text(random)]),
  (random) => Buffer.concat([Buffer.from([8]), field(topic(random))]),
  (random) => Buffer.concat([Buffer.from([9]), field(random.bytes(random.below(8)))]),
  (random) => Buffer.from([11, random.byte() & 0x7f]),
  (random) => Buffer.concat([Buffer.from([17]), u32(random)]),
  (random) => Buffer.concat([Buffer.from([21]), text(random)]),
  (random) => Buffer.concat([Buffer.from([22]), text(random)]),
  (random) => Buffer.from([23, random.below(2)]),
  (random) => Buffer.concat([Buffer.from([24]), u32(random)]),
  (random) => Buffer.from([25, random.below(2)]),
  (random) => Buffer.concat([Buffer.from([31]), text(random)]),
  (random) => Buffer.concat([Buffer.from([33]), u16(1 + random.below(300))]),
  (random) => Buffer.concat([Buffer.from([34]), u16(random.below(300))]),
  (random) => Buffer.concat([Buffer.from([35]), u16(random.below(34))]),
  (random) => Buffer.concat([Buffer.from([38]), text(random), text(random)]),
  (random) => Buffer.concat([Buffer.from([39]), u32(random)]),
];

/** Which of `PROPERTIES` may stand where, by their index. */
const ALLOWED = {
  connect: [6, 9, 11, 13, 14, 16, 17],
  message: [0, 1, 2, 3, 4, 16],
  publish: [0, 1, 2, 3, 4, 15, 16],
  ack: [12, 16],
  subscribe: [5, 16],
  unsubscribe: [16],
  disconnect: [6, 12, 16],
} as const;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest > 127 ? (rest % 128) | 0x80 : rest);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A property list: mostly what may stand there, each once. */
function properties(random: Random, version: Version, place: keyof typeof ALLOWED): Buffer {
  if (version !== 5) return NOTHING;
  const allowed = random.chance(0.99) ? ALLOWED[place] : PROPERTIES.keys();
  const chosen = [...allowed].filter(() => random.chance(0.2));
  const list = Buffer.concat(chosen.map((at) => (PROPERTIES[at] ?? PROPERTIES[0])(random)));
  return Buffer.concat([varint(list.length), list]);
}

/** A CONNECT of this version, with or without will and login. */
export function connect(random: Random, version: Version, clientId: string): Buffer {
  const hasWill = random.chance(0.3);
  const hasUser = random.chance(0.3);
  const hasPassword = hasUser && random.chance(0.5);
  const willFlags = hasWill ? 0x04 | (random.below(3) << 3) | (random.below(2) << 5) : 0;
  const flags = (random.below(2) << 1) | willFlags | (hasUser ? 0x80 : 0) | (hasPassword ? 0x40 : 0);
  const will = [properties(random, version, 'message'), field(topic(random)), text(random)];
  return frame(
    0x10,
    Buffer.concat([
      field(version === 3 ? 'MQIsdp' : 'MQTT'),
      Buffer.from([version, flags]),
      u16(random.pick([0, 60, 65_535])),
      properties(random, version, 'connect'),
      field(clientId),
      ...(hasWill ? will : []),
      ...(hasUser ? [text(random)] : []),
      ...(hasPassword ? [field(random.bytes(random.below(20)))] : []),
    ]),
  );
}

function publish(random: Random, version: Version): Buffer {
  const qos = random.below(3);
  const dup = qos > 0 && random.chance(0.2) ? 0x08 : 0;
  const header = 0x30 | dup | (qos << 1) | random.below(2);
  return frame(
    header,
    Buffer.concat([
      field(topic(random)),
      qos === 0 ? NOTHING : packetId(random),
      properties(random, version, 'publish'),
      random.bytes(random.chance(0.01) ? random.below(4_000) : random.below(20)),
    ]),
  );
}

function acknowledgement(random: Random, version: Version): Buffer {
  const header = random.pick([0x40, 0x50, 0x62, 0x70]);
  const codes = header === 0x62 || header === 0x70 ? ([0, 0x92] as const) : ([0, 0x10, 0x80, 0x97] as const);
  const withCode = version === 5 && random.chance(0.5);
  const reason = withCode ? Buffer.from([random.pick(codes)]) : NOTHING;
  const list = withCode && random.chance(0.5) ? properties(random, version, 'ack') : NOTHING;
  return frame(header, Buffer.concat([packetId(random), reason, list]));
}

function subscribe(random: Random, version: Version): Buffer {
  const filters = Array.from({ length: 1 + random.below(3) }, () => {
    const extra = version === 5 && random.chance(0.3) ? (random.below(4) << 2) | (random.below(3) << 4) : 0;
    return Buffer.concat([field(filter(random)), Buffer.from([random.below(3) | extra])]);
  });
  return frame(0x82, Buffer.concat([packetId(random), properties(random, version, 'subscribe'), ...filters]));
}

function unsubscribe(random: Random, version: Version): Buffer {
  const filters = Array.from({ length: 1 + random.below(3) }, () => field(filter(random)));
  return frame(
    0xa2,
    Buffer.concat([packetId(random), properties(random, version, 'unsubscribe'), ...filters]),
  );
}

export const PINGREQ = Buffer.from([0xc0, 0]);

function disconnect(random: Random, version: Version): Buffer {
  if (version !== 5 || random.chance(0.3)) return Buffer.from([0xe0, 0]);
  const list = random.chance(0.5) ? properties(random, version, 'disconnect') : NOTHING;
  return frame(0xe0, Buffer.concat([Buffer.from([random.pick([0, 4, 0x80])]), list]));
}

/** Any packet that a connected client may send, by the grammar of its version. */
export function packet(random: Random, version: Version): Buffer {
  const turn = random.below(100);
  if (turn < 45) return publish(random, version);
  if (turn < 65) return acknowledgement(random, version);
  if (turn < 83) return subscribe(random, version);
  if (turn < 92) return unsubscribe(random, version);
  return turn < 98 ? PINGREQ : disconnect(random, version);
}

/** Frames of the fast path: PUBLISH and the acknowledgements. */
export const fastPathPacket = (random: Random, version: Version): Buffer =>
  random.chance(0.6) ? publish(random, version) : acknowledgement(random, version);
