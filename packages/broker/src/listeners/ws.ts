import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { ListenerConfig } from '../config.ts';
import { createFront } from './front.ts';
import type { Arrival, Listener, ListenerEvents, ListenerNeeds } from './listener.ts';
import { boundFrames, keepPinging } from './ws-frames.ts';
import { chooseSubprotocol, forwardedPeer, judgeUpgrade, noHttp } from './ws-handshake.ts';

/** Bytes of the handshake's headers. */
const HEADER_BYTES_MAX = 16_384;
/** WebSocket close code for a frame of the wrong kind (RFC 6455 §7.4.1). */
const UNSUPPORTED_DATA = 1_003;

/** MQTT over WebSocket (MQTT 5.0 §6), plain or over TLS. */
export function createWsListener(
  config: ListenerConfig,
  needs: ListenerNeeds,
  events: ListenerEvents,
): Listener {
  const { limits, trusted } = needs;
  const waiting = new Waiting(needs, events);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // One frame may carry many packets; before admission `boundFrames` is tighter.
    maxPayload: limits.packetBytesMax,
    handleProtocols: chooseSubprotocol,
  });
  const http = createHttp();
  http.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex) => {
    const arrival = waiting.take(socket);
    const { rawPacket: bytes } = error;
    if (arrival !== undefined && bytes !== undefined && bytes.length > 0 && error.code !== 'ECONNRESET') {
      const { reason, detail } = noHttp(bytes);
      events.refused(arrival.peer, reason, detail);
    }
    socket.destroy();
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const arrival = waiting.take(socket);
    if (arrival === undefined) {
      socket.destroy();
      return;
    }
    socket.on('error', () => undefined);
    const peer = forwardedPeer(arrival.peer, request, trusted);
    const refused = judgeUpgrade(config, request);
    if (refused !== undefined) {
      events.refused(peer, refused.reason, refused.detail);
      refuseUpgrade(socket, refused.status, needs, events);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { place } = arrival;
      boundFrames(events, peer, { webSocket, socket, place, buffered: head.length }, limits);
      keepPinging(webSocket, socket, needs, events);
      accept(events, { ...arrival, peer }, webSocket);
    });
  });
  const front = createFront(config, needs, events, (arrival) => {
    waiting.add(arrival);
    http.emit('connection', arrival.socket);
  });
  return {
    ...front,
    stop: async () => {
      waiting.destroyAll();
      await front.stop();
    },
  };
}

/** Speaks HTTP on the sockets it is given; it opens no port, and deadlines are `Waiting`'s. */
function createHttp(): Server {
  const http = createServer({ maxHeaderSize: HEADER_BYTES_MAX });
  http.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end('MQTT over WebSocket\n');
  });
  return http;
}

/** Connections whose WebSocket handshake is not done, each with its deadline. */
class Waiting {
  readonly #arrivals = new Map<Duplex, { readonly arrival: Arrival; readonly cancel: () => void }>();
  readonly #needs: ListenerNeeds;
  readonly #events: ListenerEvents;

  constructor(needs: ListenerNeeds, events: ListenerEvents) {
    this.#needs = needs;
    this.#events = events;
  }

  add(arrival: Arrival): void {
    const { socket, peer } = arrival;
    const { clock, limits } = this.#needs;
    const cancel = clock.after(limits.connectTimeoutMs, () => {
      this.take(socket);
      this.#events.refused(peer, 'PROTOCOL_CONNECT_TIMEOUT', { expected: 'WebSocket handshake' });
      socket.destroy();
    });
    this.#arrivals.set(socket, { arrival, cancel });
    socket.once('close', () => this.take(socket));
  }

  /** Its handshake is done with, for better or worse. */
  take(socket: Duplex): Arrival | undefined {
    const waiting = this.#arrivals.get(socket);
    waiting?.cancel();
    this.#arrivals.delete(socket);
    return waiting?.arrival;
  }

  destroyAll(): void {
    for (const socket of this.#arrivals.keys()) socket.destroy();
  }
}

/** Answers, and does not wait for a peer that keeps its own half open. */
function refuseUpgrade(
  socket: Duplex,
  status: string,
  { limits, clock }: ListenerNeeds,
  events: Pick<ListenerEvents, 'met'>,
): void {
  const cancel = clock.after(limits.closeTimeoutMs, () => {
    events.met('closeTimeoutMs');
    socket.destroy();
  });
  socket.once('close', cancel);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function accept(events: ListenerEvents, { peer, place }: Arrival, webSocket: WebSocket): void {
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
