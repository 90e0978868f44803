import { type Packet, parser } from 'mqtt-packet';
import type { Version } from './grammar.ts';

/** Faults of packets of any kind that mqtt-packet takes although the standards forbid them. */
export const TAKEN_BY_MQTT_PACKET: readonly RegExp[] = [
  /-not-utf8$/,
  /-has-u0000$/,
  /-repeated$/,
  /-zero$/,
  /-invalid$/,
  /-wildcard$/,
  /^reserved-flags$/,
  /^trailing-bytes$/,
  /^property-not-allowed$/,
  /^properties-length$/,
];

/** The first packet of these bytes as mqtt-packet reads it; undefined when it refuses them. */
export function readByMqttPacket(bytes: Buffer, version: Version): Packet | undefined {
  const parsed: Packet[] = [];
  const reader = parser({ protocolVersion: version });
  reader.on('packet', (packet) => parsed.push(packet));
  reader.on('error', () => parsed.splice(0));
  reader.parse(bytes);
  return parsed[0];
}
