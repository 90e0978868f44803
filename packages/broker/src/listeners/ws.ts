import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ReasonCode, SafeDetail } from '@gatehouse/auth-core';
import type { Clock } from '@gatehouse/ports';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { Limits, ListenerConfig } from '../config.ts';
import type { Peer } from '../context.ts';
import { foreignReason, sniff } from '../protocol/sniff.ts';
import { clientAddress, normalizeAddress, type TrustedProxies } from './address.ts';
import type { Admittance } from './gate.ts';
import { closeServer, listen, type Listener, type ListenerEvents, statusOf } from './listener.ts';

/** Bytes of the handshake's headers. */
const HEADER_BYTES_MAX = 16_384;
/** [MQTT-6.0.0-3] of 3.1.1; `mqttv3.1` is what MQTT 3.1 clients ask for. */
const SUBPROTOCOLS = ['mqtt', 'mqttv3.1'] as const;
const DEFAULT_PATH = '/mqtt';
/** WebSocket close code for a frame of the wrong kind (RFC 6455 §7.4.1). */
const UNSUPPORTED_DATA = 1_003;
/** Bytes of a client's shortest frame header with its mask (RFC 6455 §5.2). */
const FRAME_HEADER_BYTES = 6;

interface Refused {
  readonly reason: ReasonCode;
  readonly detail: SafeDetail;
  readonly status: string;
}

/** What a WebSocket listener needs besides its configuration. */
export interface WsNeeds {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly trusted: TrustedProxies;
}

/** MQTT over WebSocket (MQTT 5.0 §6). */
export function createWsListener(config: ListenerConfig, needs: WsNeeds, events: ListenerEvents): Listener {
  const { limits, trusted } = needs;
  const http = createHttp(limits);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // One frame may carry many packets; before admission `boundFrames` is tighter.
    maxPayload: limits.packetBytesMax,
    handleProtocols: (offered) => SUBPROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  const places = new WeakMap<Duplex, Admittance>();
  http.on('connection', (socket) => {
    const peer = peerOfSocket(config, socket);
    const place = events.accepted(peer, trusted(peer.ip));
    if (place === undefined) {
      socket.destroy();
      return;
    }
    places.set(socket, place);
    socket.once('close', () => {
      place.release();
    });
  });
  http.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex) => {
    refuseBytes(config, events, error, socket);
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    const peer = peerOf(config, request, trusted);
    const place = places.get(socket);
    const refused = judge(config, request);
    if (refused !== undefined || place === undefined) {
      if (refused !== undefined) events.refused(peer, refused.reason, refused.detail);
      refuseUpgrade(socket, refused?.status ?? '503 Service Unavailable', needs);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      boundFrames(events, peer, { webSocket, socket, place, buffered: head.length }, limits);
      accept(events, peer, webSocket, place);
    });
  });
  return {
    start: () => listen(http, config),
    stop: () => {
      http.closeAllConnections();
      return closeServer(http);
    },
    status: () => statusOf(http, config),
  };
}

function createHttp(limits: Limits): Server {
  const http = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: limits.connectTimeoutMs,
    requestTimeout: limits.connectTimeoutMs,
    connectionsCheckingInterval: 1_000,
  });
  http.maxConnections = limits.connectionsMax;
  http.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end('MQTT over WebSocket\n');
  });
  return http;
}

/** Answers, and does not wait for a peer that keeps its own half open. */
function refuseUpgrade(socket: Duplex, status: string, { limits, clock }: WsNeeds): void {
  const cancel = clock.after(limits.closeTimeoutMs, () => socket.destroy());
  socket.once('close', cancel);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** A WebSocket whose client may not be admitted yet, and the bytes of it that are in no whole message. */
interface Pending {
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  readonly place: Admittance;
  buffered: number;
}

/** Before admission a frame is held to the bound of a packet: ws would buffer it to its end. */
function boundFrames(events: ListenerEvents, peer: Peer, pending: Pending, limits: Limits): void {
  const { webSocket, socket, place } = pending;
  const limitBytes = limits.preAuthPacketBytesMax;
  const refuse = (): void => {
    if (!place.isHalfOpen) return;
    place.online();
    events.refused(peer, 'PROTOCOL_PACKET_TOO_LARGE', { bytes: pending.buffered, limitBytes });
    webSocket.terminate();
  };
  webSocket.on('message', (data: Buffer) => {
    pending.buffered = Math.max(0, pending.buffered - data.length - FRAME_HEADER_BYTES);
  });
  webSocket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') refuse();
  });
  socket.prependListener('data', (chunk: Buffer) => {
    if (!place.isHalfOpen) return;
    pending.buffered += chunk.length;
    if (pending.buffered > limitBytes + socket.readableHighWaterMark) refuse();
  });
}

function accept(events: ListenerEvents, peer: Peer, webSocket: WebSocket, place: Admittance): void {
  // [MQTT-6.0.0-1] binary frames only.
  webSocket.on('message', (_data, isBinary) => {
    if (!isBinary) webSocket.close(UNSUPPORTED_DATA);
  });
  const stream = createWebSocketStream(webSocket);
  // A stream whose socket is gone never finishes by itself: once all is read, it is done with.
  webSocket.once('close', () => {
    stream.once('end', () => stream.destroy());
  });
  if (!events.connection(peer, stream, place)) {
    stream.on('error', () => undefined);
    webSocket.terminate();
  }
}

/** What the handshake is refused for; undefined when it is well. */
function judge(config: ListenerConfig, request: IncomingMessage): Refused | undefined {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const expected = config.path ?? DEFAULT_PATH;
  if (path !== expected) {
    return {
      reason: 'WS_PATH_NOT_FOUND',
      detail: { path: path.slice(0, 256), expected },
      status: '404 Not Found',
    };
  }
  const { origin } = request.headers;
  const { origins = [] } = config;
  if (origin !== undefined && origins.length > 0 && !origins.includes(origin)) {
    return { reason: 'WS_ORIGIN_DENIED', detail: { origin: origin.slice(0, 256) }, status: '403 Forbidden' };
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!SUBPROTOCOLS.some((protocol) => offered.includes(protocol))) {
    const detail = { offered: offered.join(', ').slice(0, 256), expected: SUBPROTOCOLS[0] };
    return { reason: 'WS_SUBPROTOCOL_MISSING', detail, status: '400 Bad Request' };
  }
  return undefined;
}

function peerOf(config: ListenerConfig, request: IncomingMessage, trusted: TrustedProxies): Peer {
  const { remoteAddress, remotePort = 0 } = request.socket;
  const forwarded = request.headers['x-forwarded-for'];
  const header = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  const peerIp = normalizeAddress(remoteAddress);
  return {
    listener: config.name,
    chain: config.chain,
    transport: 'ws',
    ip: clientAddress(peerIp, header, trusted),
    peerIp,
    port: remotePort,
    tls: null,
  };
}

/** Who is at the other end of the socket itself. */
function peerOfSocket(
  config: ListenerConfig,
  socket: Duplex & { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined },
): Peer {
  return {
    listener: config.name,
    chain: config.chain,
    transport: 'ws',
    ip: normalizeAddress(socket.remoteAddress),
    port: socket.remotePort ?? 0,
    tls: null,
  };
}

/** Bytes that are no HTTP: MQTT itself, TLS, garbage, or nothing in time. */
function refuseBytes(
  config: ListenerConfig,
  events: ListenerEvents,
  error: NodeJS.ErrnoException & { rawPacket?: Buffer },
  socket: Duplex,
): void {
  const peer = peerOfSocket(config, socket);
  const { rawPacket: bytes } = error;
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    events.refused(peer, 'PROTOCOL_CONNECT_TIMEOUT', { expected: 'WebSocket handshake' });
  } else if (bytes !== undefined && bytes.length > 0 && error.code !== 'ECONNRESET') {
    const found = sniff(bytes);
    const reason = found === 'tls' ? foreignReason(found) : 'PROTOCOL_NOT_MQTT';
    events.refused(peer, reason, {
      firstBytes: bytes.toString('hex', 0, 8),
      expected: 'WebSocket handshake',
    });
  }
  socket.destroy();
}
