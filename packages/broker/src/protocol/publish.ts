import type { ProtocolVersion } from '@gatehouse/auth-core';
import { type Fault, malformed } from './fault.ts';
import { emptyMemory, FrameReader, type TextMemory } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import type { EncodedPublish, PublishPacket, QoS } from './packets.ts';
import { PropertyId, walkProperties } from './properties.ts';

const EMPTY = Buffer.alloc(0);

/** Message properties as they are forwarded. */
export interface MessageProperties {
  /** Bytes of all that is forwarded unaltered and in order ([MQTT-3.3.2-17], [MQTT-3.3.2-18]). */
  readonly properties: Buffer;
  readonly expirySeconds: number | undefined;
  readonly topicAlias: number | undefined;
  /** The payload is said to be UTF-8 (Payload Format Indicator). */
  readonly saysText: boolean;
}

const NONE: MessageProperties = {
  properties: EMPTY,
  expirySeconds: undefined,
  topicAlias: undefined,
  saysText: false,
};

/**
 * Reads the properties of a message or will and keeps the forwarded ones as bytes: mqtt-packet would lose the order of
 * user properties.
 */
export function readMessageProperties(
  reader: FrameReader,
  place: 'publish' | 'will',
  userPropertiesMax: number,
): MessageProperties & { readonly delaySeconds: number } {
  const kept: Buffer[] = [];
  let expirySeconds: number | undefined;
  let topicAlias: number | undefined;
  let delaySeconds = 0;
  let saysText = false;
  walkProperties(reader, place, userPropertiesMax, (id, value, start, end) => {
    if (id === PropertyId.messageExpiry) expirySeconds = value;
    else if (id === PropertyId.topicAlias) topicAlias = value;
    else if (id === PropertyId.willDelay) delaySeconds = value;
    else kept.push(reader.frame.subarray(start, end));
    if (id === PropertyId.payloadFormat) saysText = value === 1;
  });
  const properties = kept.length === 0 ? EMPTY : Buffer.concat(kept);
  return { properties, expirySeconds, topicAlias, delaySeconds, saysText };
}

/**
 * Reads a PUBLISH. A fast path beside mqtt-packet over the same frames; a differential test holds the two equal.
 */
export function readPublish(
  { bytes, header }: Frame,
  version: ProtocolVersion,
  userPropertiesMax: number,
  topics: TextMemory = emptyMemory(),
): PublishPacket | Fault {
  const flags = bytes.readUInt8(0) & 0x0f;
  const qos = (flags >> 1) & 0x03;
  // [MQTT-3.3.1-4] both QoS bits set; [MQTT-3.3.1-2] DUP at QoS 0.
  if (!isQoS(qos)) return malformed('qos-3');
  if (qos === 0 && (flags & 0x08) !== 0) return malformed('dup-at-qos-0');
  const reader = new FrameReader(bytes, header);
  const topic = reader.remembered('topic', topics);
  const packetIdAt = qos === 0 ? -1 : reader.position;
  const packetId = qos === 0 ? 0 : reader.packetId();
  const { properties, expirySeconds, topicAlias, saysText } =
    version === 5 ? readMessageProperties(reader, 'publish', userPropertiesMax) : NONE;
  const fault = reader.fault();
  if (fault !== undefined) return fault;
  return {
    cmd: 'publish',
    topic,
    qos,
    retain: (flags & 0x01) !== 0,
    dup: (flags & 0x08) !== 0,
    packetId,
    payload: bytes.subarray(reader.position),
    properties,
    expirySeconds,
    topicAlias,
    saysText,
    // The properties that differ by receiver are the only ones that are not forwarded as they are.
    encoded:
      flags >> 3 === 0 && (flags & 1) === 0 && expirySeconds === undefined && topicAlias === undefined
        ? { bytes, packetIdAt }
        : undefined,
  };
}

/** Whether the two bits of a QoS say one that exists. */
export function isQoS(value: number): value is QoS {
  return value <= 2;
}

/** Bytes of a variable byte integer. */
function varintBytes(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  return value < 2_097_152 ? 3 : 4;
}

/** Writes a variable byte integer and returns the position after it. */
function writeVarint(target: Buffer, value: number, at: number): number {
  let rest = value;
  let position = at;
  while (rest >= 128) {
    position = target.writeUInt8((rest % 128) | 0x80, position);
    rest = Math.floor(rest / 128);
  }
  return target.writeUInt8(rest, position);
}

/** What a PUBLISH is written from. */
export interface PublishFields {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly payload: Buffer;
  /** Forwarded properties; left out for MQTT 3. */
  readonly properties: Buffer;
  readonly expirySeconds?: number | undefined;
  readonly subscriptionIds?: readonly number[];
  /** In place of the topic, or beside it to set it. */
  readonly topicAlias?: number | undefined;
}

/** Writes a PUBLISH (MQTT 3.1.1 §3.3, 5.0 §3.3). */
export function encodePublish(fields: PublishFields, version: ProtocolVersion): EncodedPublish {
  const topicBytes = Buffer.byteLength(fields.topic);
  const own = version === 5 ? ownProperties(fields) : EMPTY;
  const propertyBytes = own.length + fields.properties.length;
  const idBytes = fields.qos === 0 ? 0 : 2;
  const propertyBlock = version === 5 ? varintBytes(propertyBytes) + propertyBytes : 0;
  const remaining = 2 + topicBytes + idBytes + propertyBlock + fields.payload.length;
  const bytes = Buffer.allocUnsafe(1 + varintBytes(remaining) + remaining);
  let at = bytes.writeUInt8(0x30 | (fields.qos << 1) | (fields.retain ? 1 : 0), 0);
  at = writeVarint(bytes, remaining, at);
  at = bytes.writeUInt16BE(topicBytes, at);
  at += bytes.write(fields.topic, at, 'utf8');
  const packetIdAt = idBytes === 0 ? -1 : at;
  if (idBytes !== 0) at = bytes.writeUInt16BE(0, at);
  if (version === 5) {
    at = writeVarint(bytes, propertyBytes, at);
    at += own.copy(bytes, at);
    at += fields.properties.copy(bytes, at);
  }
  fields.payload.copy(bytes, at);
  return { bytes, packetIdAt };
}

/** The properties that differ by receiver: what is left of the expiry, its topic alias, its subscription identifiers. */
function ownProperties({ expirySeconds, subscriptionIds = [], topicAlias }: PublishFields): Buffer {
  const expiryBytes = expirySeconds === undefined ? 0 : 5;
  const aliasBytes = topicAlias === undefined ? 0 : 3;
  const idBytes = subscriptionIds.reduce((sum, id) => sum + 1 + varintBytes(id), 0);
  const total = expiryBytes + aliasBytes + idBytes;
  if (total === 0) return EMPTY;
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  if (expirySeconds !== undefined) {
    at = bytes.writeUInt8(PropertyId.messageExpiry, at);
    at = bytes.writeUInt32BE(expirySeconds, at);
  }
  if (topicAlias !== undefined) {
    at = bytes.writeUInt8(PropertyId.topicAlias, at);
    at = bytes.writeUInt16BE(topicAlias, at);
  }
  for (const id of subscriptionIds) {
    at = bytes.writeUInt8(PropertyId.subscriptionId, at);
    at = writeVarint(bytes, id, at);
  }
  return bytes;
}
