import type { ProtocolVersion } from '@gatehouse/auth-core';
import { type Fault, malformed } from './fault.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import type { AckPacket } from './packets.ts';
import { PropertyId, walkProperties } from './properties.ts';
import { ReasonCode } from './reason-codes.ts';

/** First byte of each acknowledgement; PUBREL has its reserved flag bit ([MQTT-3.6.1-1]). */
export const ACK_HEADER = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const;

const PUBLISH_CODES: ReadonlySet<number> = new Set([0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);
const RELEASE_CODES: ReadonlySet<number> = new Set([0, ReasonCode.packetIdentifierNotFound]);
const CODES = {
  puback: PUBLISH_CODES,
  pubrec: PUBLISH_CODES,
  pubrel: RELEASE_CODES,
  pubcomp: RELEASE_CODES,
} as const;

/** Reads an acknowledgement: the other half of the fast path, held equal to mqtt-packet by the same test. */
export function readAck(
  { bytes, header }: Frame,
  cmd: AckPacket['cmd'],
  version: ProtocolVersion,
  userPropertiesMax: number,
): AckPacket | Fault {
  const reader = new FrameReader(bytes, header);
  const packetId = reader.packetId();
  let reasonCode: number = ReasonCode.success;
  if (version === 5 && reader.fault() === undefined && !reader.atEnd()) {
    reasonCode = reader.u8('reason-code');
    if (!CODES[cmd].has(reasonCode)) reader.fail(malformed('reason-code-invalid'));
    if (!reader.atEnd()) walkProperties(reader, 'ack', userPropertiesMax);
  }
  reader.end();
  return reader.fault() ?? { cmd, packetId, reasonCode };
}

/** Writes an acknowledgement; MQTT 3 has no room for a reason and its code is left out. */
export function encodeAck(
  cmd: AckPacket['cmd'],
  packetId: number,
  version: ProtocolVersion,
  reasonCode: number = ReasonCode.success,
): Buffer {
  const withReason = version === 5 && reasonCode !== 0;
  const bytes = Buffer.allocUnsafe(withReason ? 5 : 4);
  writeHead(bytes, cmd, packetId);
  if (withReason) bytes.writeUInt8(reasonCode, 4);
  return bytes;
}

/** The same for MQTT 5 with a reason string, of less than 120 bytes. */
export function encodeWordedAck(
  cmd: AckPacket['cmd'],
  packetId: number,
  reasonCode: number,
  words: string,
): Buffer {
  const text = Buffer.from(words);
  const bytes = Buffer.allocUnsafe(9 + text.length);
  writeHead(bytes, cmd, packetId);
  bytes.writeUInt8(reasonCode, 4);
  bytes.writeUInt8(3 + text.length, 5);
  bytes.writeUInt8(PropertyId.reasonString, 6);
  bytes.writeUInt16BE(text.length, 7);
  text.copy(bytes, 9);
  return bytes;
}

function writeHead(bytes: Buffer, cmd: AckPacket['cmd'], packetId: number): void {
  bytes.writeUInt8(ACK_HEADER[cmd], 0);
  bytes.writeUInt8(bytes.length - 2, 1);
  bytes.writeUInt16BE(packetId, 2);
}
