import type { ProtocolVersion, ReasonCode as Reason } from '@gatehouse/auth-core';
import { type Fault, malformed, protocolError } from './fault.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import type { ConnectFacts, ConnectFault, ConnectPacket, Will } from './packets.ts';
import { isWrongText, type PayloadFormatBounds } from './payload-format.ts';
import { PropertyId, VALUE_AT, walkProperties } from './properties.ts';
import { isQoS, readMessageProperties } from './publish.ts';
import { ReasonCode } from './reason-codes.ts';
import { isTopicName, type TopicBounds } from './topic.ts';

const FLAG = {
  clean: 0x02,
  will: 0x04,
  willQos: 0x18,
  willRetain: 0x20,
  password: 0x40,
  username: 0x80,
} as const;

/** Bounds of a CONNECT beyond its size. */
export interface ConnectBounds extends TopicBounds, PayloadFormatBounds {
  readonly userPropertiesMax: number;
  readonly clientIdBytesMax: number;
  /** Characters of a client ID of MQTT 3.1. */
  readonly clientIdCharactersMaxV31: number;
}

interface UnknownLevel {
  readonly name: string;
  readonly level: number;
}

/** Set in the level by bridges; no level of ours. */
const BRIDGE_BIT = 0x80;

/** Receive Maximum and Maximum Packet Size where CONNECT did not say (MQTT 5.0 §3.1.2.11.3, .4). */
const UNBOUNDED = 0xffff;
const PACKET_BYTES_UNBOUNDED = 268_435_455;

type ConnectProperties = Pick<
  ConnectPacket,
  | 'authMethod'
  | 'authData'
  | 'sessionExpirySeconds'
  | 'receiveMaximum'
  | 'packetBytesMax'
  | 'topicAliasMaximum'
  | 'problemInformation'
>;

/** What holds where CONNECT does not say otherwise. */
const NO_PROPERTIES: ConnectProperties = {
  authMethod: undefined,
  authData: undefined,
  sessionExpirySeconds: undefined,
  receiveMaximum: UNBOUNDED,
  packetBytesMax: PACKET_BYTES_UNBOUNDED,
  topicAliasMaximum: 0,
  problemInformation: true,
};

const NO_WILL_PROPERTIES = {
  properties: Buffer.alloc(0),
  expirySeconds: undefined,
  delaySeconds: 0,
  saysText: false,
} as const;

const WILL_QOS_SHIFT = 3;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads a CONNECT, and of one that is refused as far as it goes what its record shows. Nothing of the packet is a view
 * into the frame: the read buffer of a socket is many times larger. A differential test holds it equal to mqtt-packet.
 */
export function readConnect(frame: Frame, bounds: ConnectBounds): ConnectPacket | ConnectFault {
  const reader = new FrameReader(frame.bytes, frame.header);
  const facts: Mutable<ConnectFacts> = {
    version: undefined,
    clientId: undefined,
    username: undefined,
    passwordProvided: false,
    keepAliveSeconds: undefined,
    cleanStart: undefined,
  };
  const fault = (reason: Reason, what: string): ConnectFault => ({
    reason,
    what,
    facts,
    answer: facts.version,
  });
  if (frame.bytes.readUInt8(0) !== 0x10) return fault('PROTOCOL_MALFORMED_CONNECT', 'reserved-flags');

  const version = readVersion(reader);
  const torn = reader.fault();
  if (torn !== undefined) return fault('PROTOCOL_MALFORMED_CONNECT', torn.what);
  if (version === 'not-mqtt') return fault('PROTOCOL_NOT_MQTT', 'protocol-name');
  if (typeof version !== 'number') {
    const { name, level } = version;
    return { ...fault('PROTOCOL_VERSION_UNSUPPORTED', `${name}-level-${level}`), answer: answerTo(level) };
  }
  facts.version = version;

  const flags = reader.u8('connect-flags');
  const keepAliveSeconds = reader.u16('keep-alive');
  const cleanStart = (flags & FLAG.clean) !== 0;
  facts.keepAliveSeconds = keepAliveSeconds;
  facts.cleanStart = cleanStart;
  facts.passwordProvided = (flags & FLAG.password) !== 0;
  const properties = version === 5 ? readProperties(reader, bounds) : NO_PROPERTIES;
  const idBytes = reader.binary('client-id');
  const clientId = idBytes.toString('utf8');
  if (reader.fault() === undefined) facts.clientId = clientId;
  reader.checkUtf8(idBytes, 'client-id');
  const will = (flags & FLAG.will) === 0 ? undefined : readWill(reader, flags, version, bounds);
  if ((flags & FLAG.username) !== 0) {
    const username = reader.binary('username');
    if (reader.fault() === undefined) facts.username = username.toString('utf8');
    reader.checkUtf8(username, 'username');
  }
  const password = facts.passwordProvided ? Buffer.from(reader.binary('password')) : undefined;
  reader.end();

  const broken = reader.fault() ?? checkFlags(flags, version);
  if (broken !== undefined) {
    return { ...fault('PROTOCOL_MALFORMED_CONNECT', broken.what), code: broken.code };
  }
  const rejected = rejectClientId(idBytes, version, cleanStart, bounds);
  if (rejected !== undefined) return fault('PROTOCOL_CLIENT_ID_REJECTED', rejected);
  const { username } = facts;
  return {
    cmd: 'connect',
    version,
    clientId,
    username,
    password,
    cleanStart,
    keepAliveSeconds,
    will,
    ...properties,
  };
}

/** [MQTT-3.1.2-1], [MQTT-3.1.2-2] protocol name and level; a level with the bridge bit (0x80) is no level of ours. */
function readVersion(reader: FrameReader): ProtocolVersion | 'not-mqtt' | UnknownLevel {
  const name = reader.binary('protocol-name').toString('latin1');
  if (reader.fault() === undefined && name !== 'MQTT' && name !== 'MQIsdp') return 'not-mqtt';
  const level = reader.u8('protocol-level');
  if (name === 'MQIsdp' && level === 3) return 3;
  if (name === 'MQTT' && (level === 4 || level === 5)) return level;
  return { name, level };
}

/** Levels that are yet to come are answered as MQTT 5, old and bridge levels as MQTT 3.1.1. */
const answerTo = (level: number): ProtocolVersion => (level > 5 && level < BRIDGE_BIT ? 5 : 4);

function readProperties(reader: FrameReader, bounds: ConnectBounds): ConnectProperties {
  const read: Mutable<ConnectProperties> = { ...NO_PROPERTIES };
  walkProperties(reader, 'connect', bounds.userPropertiesMax, (id, value, start, end) => {
    switch (id) {
      case PropertyId.sessionExpiry:
        read.sessionExpirySeconds = value;
        break;
      case PropertyId.receiveMaximum:
        read.receiveMaximum = value;
        break;
      case PropertyId.packetBytesMax:
        read.packetBytesMax = value;
        break;
      case PropertyId.topicAliasMaximum:
        read.topicAliasMaximum = value;
        break;
      case PropertyId.problemInformation:
        read.problemInformation = value === 1;
        break;
      case PropertyId.authMethod:
        read.authMethod = reader.frame.toString('utf8', start + VALUE_AT, end);
        break;
      case PropertyId.authData:
        read.authData = Buffer.from(reader.frame.subarray(start + VALUE_AT, end));
        break;
    }
  });
  // MQTT 5.0 §3.1.2.11.10: authentication data without a method.
  if (read.authData !== undefined && read.authMethod === undefined)
    reader.fail(protocolError('auth-data-without-method'));
  return read;
}

function readWill(
  reader: FrameReader,
  flags: number,
  version: ProtocolVersion,
  bounds: ConnectBounds,
): Will | undefined {
  const { properties, expirySeconds, delaySeconds, saysText } =
    version === 5 ? readMessageProperties(reader, 'will', bounds.userPropertiesMax) : NO_WILL_PROPERTIES;
  const topic = reader.text('will-topic');
  if (reader.fault() === undefined && !isTopicName(topic, bounds))
    reader.fail(malformed('will-topic-invalid'));
  const payload = Buffer.from(reader.binary('will-payload'));
  if (isWrongText(saysText, payload, bounds)) {
    reader.fail({ code: ReasonCode.payloadFormatInvalid, what: 'will-payload-not-utf8' });
  }
  const qos = (flags & FLAG.willQos) >> WILL_QOS_SHIFT;
  // QoS 3 is among what `checkFlags` refuses.
  if (!isQoS(qos)) return undefined;
  const retain = (flags & FLAG.willRetain) !== 0;
  return { topic, qos, retain, payload, properties, expirySeconds, delaySeconds };
}

function checkFlags(flags: number, version: ProtocolVersion): Fault | undefined {
  // [MQTT-3.1.2-3] the reserved flag.
  if ((flags & 0x01) !== 0) return malformed('connect-flags-reserved');
  const willBits = flags & (FLAG.willQos | FLAG.willRetain);
  // [MQTT-3.1.2-11], [MQTT-3.1.2-13] will QoS and retain without a will.
  if ((flags & FLAG.will) === 0 && willBits !== 0) return malformed('will-flags-without-will');
  // [MQTT-3.1.2-12] will QoS 3.
  if ((flags & FLAG.willQos) === FLAG.willQos) return malformed('will-qos-3');
  // [MQTT-3.1.2-22] of 3.1.1: a password without a username. MQTT 5 allows it.
  if (version !== 5 && (flags & FLAG.password) !== 0 && (flags & FLAG.username) === 0) {
    return malformed('password-without-username');
  }
  return undefined;
}

/** [MQTT-3.1.3-8] of 3.1.1: an empty client ID needs Clean Session; 3.1 needs one of 1 to 23 characters. */
function rejectClientId(
  clientId: Buffer,
  version: ProtocolVersion,
  clean: boolean,
  bounds: ConnectBounds,
): string | undefined {
  if (clientId.length > bounds.clientIdBytesMax) return 'client-id-too-long';
  const { clientIdCharactersMaxV31 } = bounds;
  if (version === 3 && countCharacters(clientId) > clientIdCharactersMaxV31)
    return 'client-id-too-long-for-3.1';
  if (clientId.length > 0 || version === 5) return undefined;
  if (version === 3) return 'client-id-empty';
  return clean ? undefined : 'client-id-empty-without-clean-session';
}

/** Characters of valid UTF-8: all bytes but those that continue one. */
function countCharacters(text: Buffer): number {
  let count = 0;
  for (const byte of text) if ((byte & 0xc0) !== 0x80) count += 1;
  return count;
}
