// Packets made before anything is measured, and the few bytes that are written into them afterwards.

export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBACK = 9;

const uint16 = (value) => Buffer.from([value >> 8, value & 0xff]);
const text = (value) => Buffer.concat([uint16(Buffer.byteLength(value)), Buffer.from(value)]);

function packet(first, ...parts) {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

/** A SUBSCRIBE of one filter, with packet id 1. */
export const subscribePacket = (filter, qos) => packet(0x82, uint16(1), text(filter), Buffer.from([qos]));

export const DISCONNECT = Buffer.from([0xe0, 0]);

/** Microseconds on this process's clock, as they are written into messages; they wrap after 71 minutes. */
export const nowMicros = () => (performance.now() * 1000) >>> 0;

/**
 * `count` PUBLISH packets in a row, to be copied and stamped. The payload begins with the publisher's number and the time
 * of sending, four bytes each; a message is so assigned to its publisher wherever it comes out.
 */
export function publishBlock({ topic, qos, payloadBytes, publisher, count }) {
  const payload = Buffer.alloc(payloadBytes, 0x2e);
  payload.writeUInt32BE(publisher);
  const one = packet(0x30 | (qos << 1), text(topic), ...(qos > 0 ? [uint16(0)] : []), payload);
  const stampAt = one.length - payloadBytes + 4;
  return {
    bytes: Buffer.concat(Array.from({ length: count }, () => one)),
    packetBytes: one.length,
    stampAt,
    idAt: qos > 0 ? stampAt - 6 : -1,
  };
}

/** Where a PUBLISH's packet id is, or its payload at QoS 0. */
export const afterTopic = (bytes, body) => body + 2 + ((bytes[body] << 8) | bytes[body + 1]);

/** Acknowledgements collected while a chunk is read, written as one. One chunk is read at a time, so all share it. */
const ACKS_MAX = 1 << 17;
const collected = Buffer.allocUnsafe(ACKS_MAX * 4);
let collectedBytes = 0;

/** Adds an acknowledgement: its first byte and the packet id. */
export function collectAck(first, idHigh, idLow) {
  collected[collectedBytes] = first;
  collected[collectedBytes + 1] = 2;
  collected[collectedBytes + 2] = idHigh;
  collected[collectedBytes + 3] = idLow;
  collectedBytes += 4;
}

/** The acknowledgements collected since the last call, or null. */
export function takeAcks() {
  if (collectedBytes === 0) return null;
  const acks = Buffer.from(collected.subarray(0, collectedBytes));
  collectedBytes = 0;
  return acks;
}
