import type { ReasonCode } from '@gatehouse/auth-core';

/** What the first bytes of a connection are. `unsure` needs another byte. */
export type FirstBytes = 'connect' | 'unsure' | 'http' | 'tls' | 'other';

const CONNECT_TYPE = 1;
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 0x03;
const HTTP_METHODS = [
  'GET ',
  'POST ',
  'PUT ',
  'HEAD ',
  'DELETE ',
  'OPTIONS ',
  'PATCH ',
  'CONNECT ',
  'TRACE ',
  'PRI ',
];

/** Tells an MQTT CONNECT from the things that are sent to its port by mistake. */
export function sniff(bytes: Buffer): FirstBytes {
  const [first, second] = bytes;
  if (first === undefined) return 'unsure';
  if (first === TLS_HANDSHAKE) return tls(second);
  // Wrong flags beside the type are the guard's to name.
  if (first >> 4 === CONNECT_TYPE) return 'connect';
  return http(bytes.toString('latin1', 0, 8));
}

function tls(second: number | undefined): FirstBytes {
  if (second === undefined) return 'unsure';
  return second === TLS_MAJOR ? 'tls' : 'other';
}

function http(start: string): FirstBytes {
  if (HTTP_METHODS.some((method) => start.startsWith(method))) return 'http';
  return HTTP_METHODS.some((method) => method.startsWith(start)) ? 'unsure' : 'other';
}

/** The reason recorded for first bytes that are no CONNECT. */
export function foreignReason(found: Exclude<FirstBytes, 'connect'>): ReasonCode {
  switch (found) {
    case 'http':
      return 'HTTP_ON_MQTT_PORT';
    case 'tls':
      return 'TLS_ON_PLAIN_PORT';
    case 'unsure':
    case 'other':
      return 'PROTOCOL_NOT_MQTT';
  }
}
