import type { ProtocolVersion } from '@gatehouse/auth-core';
import { type Fault, malformed, protocolError } from './fault.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import { walkProperties } from './properties.ts';

/** Packets that mqtt-packet decodes after the guard has looked at their bytes. */
export type GuardedKind = 'subscribe' | 'unsubscribe' | 'pingreq' | 'disconnect';

/** Bounds the guard enforces. */
export interface GuardBounds {
  readonly userPropertiesMax: number;
  readonly filtersPerPacketMax: number;
}

/** Fixed header of each kind: [MQTT-2.1.3-1] reserved flag bits are as stated. */
const HEADER: Readonly<Record<GuardedKind, number>> = {
  subscribe: 0x82,
  unsubscribe: 0xa2,
  pingreq: 0xc0,
  disconnect: 0xe0,
};

/**
 * Checks on the bytes of a frame what mqtt-packet accepts although it is malformed, and what it can no longer tell:
 * invalid UTF-8, U+0000, packet id 0, trailing bytes, repeated properties, empty lists. Undefined when all is well.
 */
export function inspect(
  frame: Frame,
  kind: GuardedKind,
  version: ProtocolVersion,
  bounds: GuardBounds,
): Fault | undefined {
  if (frame.bytes.readUInt8(0) !== HEADER[kind]) return malformed('reserved-flags');
  const reader = new FrameReader(frame.bytes, frame.header);
  switch (kind) {
    case 'subscribe':
      inspectFilters(reader, 'subscribe', version, bounds);
      break;
    case 'unsubscribe':
      inspectFilters(reader, 'unsubscribe', version, bounds);
      break;
    case 'disconnect':
      if (version === 5) inspectDisconnect(reader, bounds);
      break;
    case 'pingreq':
      break;
  }
  reader.end();
  return reader.fault();
}

function inspectFilters(
  reader: FrameReader,
  kind: 'subscribe' | 'unsubscribe',
  version: ProtocolVersion,
  bounds: GuardBounds,
): void {
  reader.packetId();
  if (version === 5) walkProperties(reader, kind, bounds.userPropertiesMax);
  // [MQTT-3.8.3-2], [MQTT-3.10.3-2] at least one filter.
  if (reader.atEnd()) reader.fail(protocolError('no-filter'));
  let filters = 0;
  while (reader.fault() === undefined && !reader.atEnd()) {
    filters += 1;
    if (filters > bounds.filtersPerPacketMax) reader.fail(protocolError('too-many-filters'));
    const isShared = reader.text('topic-filter').startsWith('$share/');
    if (kind === 'subscribe') inspectOptions(reader, version, isShared);
  }
}

function inspectOptions(reader: FrameReader, version: ProtocolVersion, isShared: boolean): void {
  const options = reader.u8('subscription-options');
  const reserved = version === 5 ? 0xc0 : 0xfc;
  // [MQTT-3.8.3-5] reserved bits; QoS 3 and retain handling 3 do not exist.
  if ((options & reserved) !== 0) reader.fail(malformed('subscription-options-reserved'));
  if ((options & 0x03) === 3) reader.fail(malformed('qos-3'));
  // [MQTT-3.8.3-4] a group has no member of its own to leave out.
  if (isShared && (options & 0x04) !== 0) reader.fail(protocolError('no-local-on-shared'));
  if ((options & 0x30) === 0x30) reader.fail(protocolError('retain-handling-3'));
}

/** MQTT 5.0 §3.14.2: the codes a client may close with. */
const DISCONNECT_CODES: ReadonlySet<number> = new Set([
  0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
]);

function inspectDisconnect(reader: FrameReader, bounds: GuardBounds): void {
  if (reader.atEnd()) return;
  if (!DISCONNECT_CODES.has(reader.u8('reason-code'))) reader.fail(protocolError('reason-code-invalid'));
  if (!reader.atEnd()) walkProperties(reader, 'disconnect', bounds.userPropertiesMax);
}
