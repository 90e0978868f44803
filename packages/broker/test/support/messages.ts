import type { IPublishPacket, Packet } from 'mqtt-packet';

/** A PUBLISH with defaults: QoS 0 of `x` to `t`. */
export const message = (fields: Partial<IPublishPacket> = {}): IPublishPacket => ({
  cmd: 'publish',
  topic: 't',
  payload: 'x',
  qos: 0,
  dup: false,
  retain: false,
  ...(fields.qos === undefined || fields.qos === 0 ? {} : { messageId: 1 }),
  ...fields,
});

/** The payloads of the PUBLISH packets among these, as text. */
export const payloads = (packets: readonly Packet[]): string[] =>
  packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.payload.toString()] : []));
