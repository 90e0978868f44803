import type { ListenerConfig } from '../config.ts';
import { createFront } from './front.ts';
import type { Listener, ListenerEvents, ListenerNeeds } from './listener.ts';

/** MQTT straight over TCP, or over TLS where the configuration says so. */
export function createTcpListener(
  config: ListenerConfig,
  needs: ListenerNeeds,
  events: ListenerEvents,
): Listener {
  return createFront(config, needs, events, ({ socket, peer, place }) => {
    if (!events.connection(peer, socket, place)) socket.destroy();
  });
}
