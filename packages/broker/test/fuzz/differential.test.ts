import { inspect, isDeepStrictEqual } from 'node:util';
import { generate, type IPublishPacket, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/config.ts';
import { Codec } from '../../src/protocol/codec.ts';
import type { Fault } from '../../src/protocol/fault.ts';
import { emptyMemory, type TextMemory } from '../../src/protocol/frame-reader.ts';
import { type Frame, Framer } from '../../src/protocol/framing.ts';
import type { ClientPacket } from '../../src/protocol/packets.ts';
import { encodePublish, readPublish } from '../../src/protocol/publish.ts';
import { connectPacket } from '../support/raw-client.ts';
import { fastPathPacket, type Version } from './grammar.ts';
import { mutate } from './mutate.ts';
import { readByMqttPacket, TAKEN_BY_MQTT_PACKET } from './mqtt-packet.ts';
import { Random } from './random.ts';

const FRAMES = 20_000;
const SEED = 20_261_122;
/** Two seconds on a machine that has nothing else to do. */
const TIMEOUT_MS = 60_000;

/**
 * What mqtt-packet takes although the standards forbid it: there the fast path is stricter, and only there.
 * Everything else that it refuses mqtt-packet refuses too.
 */
const STRICTER = [
  ...TAKEN_BY_MQTT_PACKET,
  /^dup-at-qos-0$/,
  // A field that ends beyond its packet or its property list.
  /^(packet-id|message-expiry|content-type|correlation-data|response-topic|user-property|reason-string)$/,
];

/** The only whole frame of these bytes, with a type of the fast path; undefined when there is none. */
function frameOf(bytes: Buffer): Frame | undefined {
  const framer = new Framer(LIMITS.packetBytesMax);
  framer.push(bytes);
  const result = framer.next();
  if (result === undefined || 'kind' in result || framer.bufferedBytes > 0) return undefined;
  const type = result.bytes.readUInt8(0) >> 4;
  return type >= 3 && type <= 7 ? result : undefined;
}

/** A connection as far as it reads: what it remembers of one packet must not show in the next. */
interface Reader {
  readonly codec: Codec;
  readonly topics: TextMemory;
}

/** What a connection reads; aliases apart, which are to show in the next packet. */
function ours(frame: Frame, { codec, topics }: Reader, version: Version): ClientPacket | Fault {
  const isPublish = frame.bytes.readUInt8(0) >> 4 === 3;
  return isPublish ? readPublish(frame, version, LIMITS.userPropertiesMax, topics) : codec.read(frame);
}

/** A connection whose CONNECT asked for this version. */
function readerOf(version: Version): Reader {
  const framer = new Framer(LIMITS.packetBytesMax);
  framer.push(generate(connectPacket({ protocolVersion: version })));
  const frame = framer.next();
  if (frame === undefined || 'kind' in frame) throw new Error('no frame');
  const codec = new Codec(LIMITS);
  codec.connect(frame);
  return { codec, topics: emptyMemory() };
}

/** `expect` would take most of the time here. */
function same(mine: unknown, other: unknown): void {
  if (!isDeepStrictEqual(mine, other))
    throw new Error(`read differently: ${inspect(mine)}, ${inspect(other)}`);
}

/** The same packet as mqtt-packet reads it, written anew: DUP is of a sending, not of a message. */
function expectSame(mine: ClientPacket, other: Packet, version: Version): void {
  if (mine.cmd !== 'publish') {
    if (!('packetId' in mine)) throw new Error('no packet of the fast path');
    same([mine.cmd, mine.packetId], [other.cmd, other.messageId]);
    if (version === 5 && 'reasonCode' in other) same(mine.reasonCode, other.reasonCode);
    return;
  }
  const written = encodePublish(mine, version);
  if (written.packetIdAt >= 0) written.bytes.writeUInt16BE(mine.packetId, written.packetIdAt);
  const again = readByMqttPacket(written.bytes, version);
  same(content(again), content(other));
  same(mine.dup, other.cmd === 'publish' && other.dup);
}

function content(packet: Packet | undefined): Partial<IPublishPacket> {
  if (packet?.cmd !== 'publish') throw new Error('no PUBLISH');
  const { topic, payload, qos, retain, messageId, properties = {} } = packet;
  return { topic, payload, qos, retain, properties, ...(messageId === undefined ? {} : { messageId }) };
}

test(
  `the fast path reads ${FRAMES} right and wrong frames as mqtt-packet does, or is stricter where it is known to be`,
  { timeout: TIMEOUT_MS },
  () => {
    const random = new Random(SEED);
    const readers = { 3: readerOf(3), 4: readerOf(4), 5: readerOf(5) };
    const counts = { same: 0, bothRefuse: 0, stricter: 0 };
    for (let at = 0; at < FRAMES; at += 1) {
      const version = random.pick<Version>([3, 4, 5, 5]);
      const whole = fastPathPacket(random, version);
      const frame = frameOf(random.chance(0.7) ? mutate(random, whole) : whole);
      if (frame === undefined) continue;
      const mine = ours(frame, readers[version], version);
      const other = readByMqttPacket(frame.bytes, version);
      try {
        if ('cmd' in mine) {
          if (other === undefined) throw new Error('taken by the fast path only');
          expectSame(mine, other, version);
          counts.same += 1;
        } else if (other === undefined) counts.bothRefuse += 1;
        else {
          if (!STRICTER.some((known) => known.test(mine.what)))
            throw new Error(`refused only here: ${mine.what}`);
          counts.stricter += 1;
        }
      } catch (cause) {
        throw new Error(`version ${version}: ${frame.bytes.toString('hex')}`, { cause });
      }
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(FRAMES / 50);
  },
);
