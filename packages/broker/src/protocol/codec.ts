import { generate, type Packet } from 'mqtt-packet';
import type { ProtocolVersion } from '@gatehouse/auth-core';
import { ACK_HEADER, readAck } from './acks.ts';
import { readAuth } from './auth.ts';
import { type ConnectBounds, readConnect } from './connect.ts';
import { type Fault, malformed, protocolError } from './fault.ts';
import { emptyMemory } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import { type GuardBounds, type GuardedKind, inspect } from './guard.ts';
import type { ClientPacket, ConnectFault, ConnectPacket } from './packets.ts';
import { readPublish } from './publish.ts';
import { InboundAliases } from './topic-aliases.ts';
import { parseWhole } from './whole-packets.ts';

export type CodecBounds = GuardBounds &
  ConnectBounds & {
    /** Topic aliases of one connection, each way. */
    readonly topicAliasesMax: number;
  };

const ACK_KIND = new Map(
  (['puback', 'pubrec', 'pubrel', 'pubcomp'] as const).map((cmd) => [ACK_HEADER[cmd] >> 4, cmd]),
);
const AUTH_TYPE = 15;
const GUARDED_KIND = new Map<number, GuardedKind>([
  [8, 'subscribe'],
  [10, 'unsubscribe'],
  [12, 'pingreq'],
  [14, 'disconnect'],
]);

/**
 * Frames to packets, one codec per connection. mqtt-packet gets whole frames only, and only after the guard.
 */
export class Codec {
  readonly #bounds: CodecBounds;
  #version: ProtocolVersion = 4;
  /** Made with the first alias. */
  #aliases: InboundAliases | undefined;
  readonly #topics = emptyMemory();

  constructor(bounds: CodecBounds) {
    this.#bounds = bounds;
  }

  /** Reads the first packet of a connection, which must be a CONNECT. */
  connect(frame: Frame): ConnectPacket | ConnectFault {
    const packet = readConnect(frame, this.#bounds);
    if ('cmd' in packet) this.#version = packet.version;
    return packet;
  }

  /** Reads any later packet. */
  read(frame: Frame): ClientPacket | Fault {
    const type = frame.bytes.readUInt8(0) >> 4;
    if (type === 3) return this.#readPublish(frame);
    const ack = ACK_KIND.get(type);
    if (ack !== undefined) return this.#readAck(frame, ack);
    if (type === AUTH_TYPE && this.#version === 5) return readAuth(frame, this.#bounds.userPropertiesMax);
    const kind = GUARDED_KIND.get(type);
    // A second CONNECT ([MQTT-3.1.0-2]) or a packet only servers send.
    if (kind === undefined) return protocolError(`unexpected-packet-type-${type}`);
    return inspect(frame, kind, this.#version, this.#bounds) ?? this.#readGuarded(frame);
  }

  #readPublish(frame: Frame): ClientPacket | Fault {
    const packet = readPublish(frame, this.#version, this.#bounds.userPropertiesMax, this.#topics);
    if (this.#version !== 5 || 'what' in packet) return packet;
    if (packet.topic !== '' && packet.topicAlias === undefined) return packet;
    this.#aliases ??= new InboundAliases(this.#bounds.topicAliasesMax);
    return this.#aliases.resolve(packet);
  }

  #readAck(frame: Frame, cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'): ClientPacket | Fault {
    if (frame.bytes.readUInt8(0) !== ACK_HEADER[cmd]) return malformed('reserved-flags');
    const ack = readAck(frame, cmd, this.#version, this.#bounds.userPropertiesMax);
    return 'what' in ack ? ack : { ...ack, cmd };
  }

  #readGuarded(frame: Frame): ClientPacket | Fault {
    const packet = parseWhole(frame.bytes, this.#version);
    switch (packet?.cmd) {
      case 'subscribe':
      case 'unsubscribe':
        return { ...packet, messageId: packet.messageId ?? 0 };
      case 'pingreq':
      case 'disconnect':
        return packet;
      default:
        return malformed('codec');
    }
  }
}

/** Writes a packet of the server; PUBLISH and the acknowledgements have their own writers. */
export function encode(packet: Packet, version: ProtocolVersion): Buffer {
  return generate(packet, { protocolVersion: version });
}

/** Writes CONNACK of MQTT 3 (3.1.1 §3.2): four bytes, in storms the packet that is written most. */
export const encodeConnack3 = (sessionPresent: boolean, returnCode: number): Buffer =>
  Buffer.of(0x20, 2, sessionPresent ? 1 : 0, returnCode);
