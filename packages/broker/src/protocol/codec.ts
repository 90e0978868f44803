import { generate, type IConnectPacket, type Packet } from 'mqtt-packet';
import type { ProtocolVersion } from '@gatehouse/auth-core';
import { ACK_HEADER, readAck } from './acks.ts';
import { readAuth } from './auth.ts';
import { type ConnectBounds, inspectConnect, type InspectedConnect } from './connect.ts';
import { type Fault, malformed, protocolError } from './fault.ts';
import { emptyMemory } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import { type GuardBounds, type GuardedKind, inspect } from './guard.ts';
import type { ClientPacket, ConnectFault, ConnectPacket, Will } from './packets.ts';
import { readPublish } from './publish.ts';
import { InboundAliases } from './topic-aliases.ts';
import { parseWhole } from './whole-packets.ts';

export type CodecBounds = GuardBounds &
  ConnectBounds & {
    /** Topic aliases of one connection, each way. */
    readonly topicAliasesMax: number;
  };

/** Receive Maximum and Maximum Packet Size where CONNECT did not say (MQTT 5.0 §3.1.2.11.3, .4). */
const UNBOUNDED = 0xffff;
const PACKET_BYTES_UNBOUNDED = 268_435_455;

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
    const inspected = inspectConnect(frame, this.#bounds);
    if ('reason' in inspected) return inspected;
    this.#version = inspected.facts.version;
    const packet = parseWhole(frame.bytes, this.#version);
    if (packet?.cmd !== 'connect') {
      const { facts } = inspected;
      return { reason: 'PROTOCOL_MALFORMED_CONNECT', what: 'codec', facts, answer: facts.version };
    }
    const connect = toConnect(packet, inspected);
    // The parser keeps this object; a payload is a view into the bytes that the password is in.
    delete packet.password;
    delete packet.will;
    delete packet.properties;
    return connect;
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

function toConnect(packet: IConnectPacket, { facts, willProperties }: InspectedConnect): ConnectPacket {
  const properties = packet.properties ?? {};
  return {
    cmd: 'connect',
    version: facts.version,
    clientId: packet.clientId,
    username: packet.username,
    password: packet.password,
    cleanStart: packet.clean ?? true,
    keepAliveSeconds: packet.keepalive ?? 0,
    will: toWill(packet.will, willProperties),
    authMethod: properties.authenticationMethod,
    authData: properties.authenticationData,
    sessionExpirySeconds: properties.sessionExpiryInterval,
    receiveMaximum: properties.receiveMaximum ?? UNBOUNDED,
    packetBytesMax: properties.maximumPacketSize ?? PACKET_BYTES_UNBOUNDED,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    problemInformation: properties.requestProblemInformation ?? true,
  };
}

function toWill(
  will: IConnectPacket['will'],
  properties: InspectedConnect['willProperties'],
): Will | undefined {
  if (will === undefined) return undefined;
  return {
    topic: will.topic,
    qos: will.qos ?? 0,
    retain: will.retain ?? false,
    payload: Buffer.from(will.payload),
    properties: properties?.properties ?? Buffer.alloc(0),
    expirySeconds: properties?.expirySeconds,
    delaySeconds: properties?.delaySeconds ?? 0,
  };
}
