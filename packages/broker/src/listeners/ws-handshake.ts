import type { IncomingMessage } from 'node:http';
import type { ListenerConfig } from '../config.ts';
import type { Peer } from '../context.ts';
import { foreignReason, sniff } from '../protocol/sniff.ts';
import { clientAddress, type TrustedProxies } from './address.ts';
import type { TransportRefusal } from './tls-failure.ts';

/** [MQTT-6.0.0-3] of 3.1.1; `mqttv3.1` is what MQTT 3.1 clients ask for. */
const SUBPROTOCOLS = ['mqtt', 'mqttv3.1'] as const;
const DEFAULT_PATH = '/mqtt';
/** Characters of a header or path that are recorded. */
const QUOTED_MAX = 256;

/** An upgrade that is refused, with its HTTP status. */
interface UpgradeRefusal extends TransportRefusal {
  readonly status: string;
}

/** The subprotocol that the server speaks of those offered. */
export const chooseSubprotocol = (offered: ReadonlySet<string>): string | false =>
  SUBPROTOCOLS.find((protocol) => offered.has(protocol)) ?? false;

/** What the handshake is refused for; undefined when it is well. */
export function judgeUpgrade(config: ListenerConfig, request: IncomingMessage): UpgradeRefusal | undefined {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const expected = config.path ?? DEFAULT_PATH;
  if (path !== expected) {
    return {
      reason: 'WS_PATH_NOT_FOUND',
      detail: { path: path.slice(0, QUOTED_MAX), expected },
      status: '404 Not Found',
    };
  }
  const { origin } = request.headers;
  const { origins = [] } = config;
  if (origin !== undefined && origins.length > 0 && !origins.includes(origin)) {
    return {
      reason: 'WS_ORIGIN_DENIED',
      detail: { origin: origin.slice(0, QUOTED_MAX) },
      status: '403 Forbidden',
    };
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!SUBPROTOCOLS.some((protocol) => offered.includes(protocol))) {
    const detail = { offered: offered.join(', ').slice(0, QUOTED_MAX), expected: SUBPROTOCOLS[0] };
    return { reason: 'WS_SUBPROTOCOL_MISSING', detail, status: '400 Bad Request' };
  }
  return undefined;
}

/** The client behind trusted proxies, as their `X-Forwarded-For` says. */
export function forwardedPeer(peer: Peer, { headers }: IncomingMessage, trusted: TrustedProxies): Peer {
  const forwarded = headers['x-forwarded-for'];
  const header = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return { ...peer, ip: clientAddress(peer.ip, header, trusted), peerIp: peer.peerIp ?? peer.ip };
}

/** Bytes that are no HTTP: MQTT itself, TLS, garbage. */
export function noHttp(bytes: Buffer): TransportRefusal {
  const found = sniff(bytes);
  return {
    reason: found === 'tls' ? foreignReason(found) : 'PROTOCOL_NOT_MQTT',
    detail: { firstBytes: bytes.toString('hex', 0, 8), expected: 'WebSocket handshake' },
  };
}
