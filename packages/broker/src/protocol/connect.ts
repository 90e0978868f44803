import type { ProtocolVersion, ReasonCode as Reason } from '@gatehouse/auth-core';
import { type Fault, malformed, protocolError } from './fault.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import type { ConnectFacts, ConnectFault } from './packets.ts';
import { isWrongText, type PayloadFormatBounds } from './payload-format.ts';
import { PropertyId, walkProperties } from './properties.ts';
import { type MessageProperties, readMessageProperties } from './publish.ts';
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

/** What the guard has read of a valid CONNECT and mqtt-packet would lose or alter. */
export interface InspectedConnect {
  readonly facts: ConnectFacts & { readonly version: ProtocolVersion };
  /** Forwarded properties of the will, in order. */
  readonly willProperties: (MessageProperties & { readonly delaySeconds: number }) | undefined;
}

interface UnknownLevel {
  readonly name: string;
  readonly level: number;
}

/** Set in the level by bridges; no level of ours. */
const BRIDGE_BIT = 0x80;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Checks a CONNECT on its bytes, and reads as far as it goes what the record of a refusal shows. mqtt-packet decodes
 * it afterwards.
 */
export function inspectConnect(frame: Frame, bounds: ConnectBounds): InspectedConnect | ConnectFault {
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
  facts.keepAliveSeconds = reader.u16('keep-alive');
  facts.cleanStart = (flags & FLAG.clean) !== 0;
  facts.passwordProvided = (flags & FLAG.password) !== 0;
  if (version === 5) inspectConnectProperties(reader, bounds);
  const clientId = reader.binary('client-id');
  if (reader.fault() === undefined) facts.clientId = clientId.toString('utf8');
  reader.checkUtf8(clientId, 'client-id');
  const willProperties = (flags & FLAG.will) === 0 ? undefined : inspectWill(reader, version, bounds);
  if ((flags & FLAG.username) !== 0) {
    const username = reader.binary('username');
    if (reader.fault() === undefined) facts.username = username.toString('utf8');
    reader.checkUtf8(username, 'username');
  }
  if ((flags & FLAG.password) !== 0) reader.binary('password');
  reader.end();

  const broken = reader.fault() ?? checkFlags(flags, version);
  if (broken !== undefined) {
    return { ...fault('PROTOCOL_MALFORMED_CONNECT', broken.what), code: broken.code };
  }
  const rejected = rejectClientId(clientId, version, facts.cleanStart, bounds);
  if (rejected !== undefined) return fault('PROTOCOL_CLIENT_ID_REJECTED', rejected);
  return { facts: { ...facts, version }, willProperties };
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

function inspectConnectProperties(reader: FrameReader, bounds: ConnectBounds): void {
  const present = new Set<number>();
  walkProperties(reader, 'connect', bounds.userPropertiesMax, (id) => present.add(id));
  // MQTT 5.0 §3.1.2.11.10: authentication data without a method.
  if (present.has(PropertyId.authData) && !present.has(PropertyId.authMethod))
    reader.fail(protocolError('auth-data-without-method'));
}

function inspectWill(
  reader: FrameReader,
  version: ProtocolVersion,
  bounds: ConnectBounds,
): InspectedConnect['willProperties'] {
  const properties =
    version === 5 ? readMessageProperties(reader, 'will', bounds.userPropertiesMax) : undefined;
  const topic = reader.text('will-topic');
  if (reader.fault() === undefined && !isTopicName(topic, bounds))
    reader.fail(malformed('will-topic-invalid'));
  const payload = reader.binary('will-payload');
  if (isWrongText(properties?.saysText ?? false, payload, bounds)) {
    reader.fail({ code: ReasonCode.payloadFormatInvalid, what: 'will-payload-not-utf8' });
  }
  return properties;
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
