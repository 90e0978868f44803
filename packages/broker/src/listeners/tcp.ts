import { createServer, type Socket } from 'node:net';
import type { ListenerConfig } from '../config.ts';
import { normalizeAddress } from './address.ts';
import { closeServer, listen, type Listener, type ListenerEvents, statusOf } from './listener.ts';

/** MQTT over plain TCP. */
export function createTcpListener(config: ListenerConfig, events: ListenerEvents): Listener {
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    accept(config, events, socket);
  });
  return {
    start: () => listen(server, config),
    stop: () => closeServer(server),
    status: () => statusOf(server, config),
  };
}

function accept(config: ListenerConfig, events: ListenerEvents, socket: Socket): void {
  const peer = {
    listener: config.name,
    chain: config.chain,
    transport: 'tcp' as const,
    ip: normalizeAddress(socket.remoteAddress),
    port: socket.remotePort ?? 0,
    tls: null,
  };
  const place = events.accepted(peer, false);
  if (place === undefined || !events.connection(peer, socket, place)) socket.destroy();
}
