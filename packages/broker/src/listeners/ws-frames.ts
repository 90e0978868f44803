import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Limits } from '../config.ts';
import type { Peer } from '../context.ts';
import type { Admittance } from './gate.ts';
import type { ListenerEvents, ListenerNeeds } from './listener.ts';

/** Bytes of a client's shortest frame header with its mask (RFC 6455 §5.2). */
const FRAME_HEADER_BYTES = 6;

/** A WebSocket whose client may not be admitted yet, and the bytes of it that are in no whole message. */
export interface Pending {
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  readonly place: Admittance;
  buffered: number;
}

/** Before admission a frame is held to the bound of a packet: ws would buffer it to its end. */
export function boundFrames(events: ListenerEvents, peer: Peer, pending: Pending, limits: Limits): void {
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

/**
 * Pings a client every `webSocketPingMs` and cuts it when nothing has come from it since the last ping: neither a pong
 * nor anything else. Proxies keep the connection open meanwhile (RFC 6455 §5.5.2).
 */
export function keepPinging(
  webSocket: WebSocket,
  socket: Duplex,
  { clock, limits: { webSocketPingMs } }: Pick<ListenerNeeds, 'clock' | 'limits'>,
  events: Pick<ListenerEvents, 'met'>,
): void {
  if (webSocketPingMs === 0) return;
  let isAlive = true;
  const heard = (): void => {
    isAlive = true;
  };
  const ping = (): void => {
    // A pong may be among what the broker itself does not read for the moment.
    if (!isAlive && !socket.isPaused()) {
      events.met('webSocketPingMs');
      webSocket.terminate();
      return;
    }
    isAlive = false;
    webSocket.ping();
    cancel = clock.after(webSocketPingMs, ping);
  };
  let cancel = clock.after(webSocketPingMs, ping);
  webSocket.on('pong', heard);
  socket.on('data', heard);
  webSocket.on('close', () => {
    cancel();
  });
}
