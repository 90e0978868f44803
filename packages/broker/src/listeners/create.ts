import type { ListenerConfig } from '../config.ts';
import type { Listener, ListenerEvents, ListenerNeeds } from './listener.ts';
import { createTcpListener } from './tcp.ts';
import { createUnixListener } from './unix.ts';
import { createWsListener } from './ws.ts';

/**
 * The listener that a configuration asks for.
 *
 * @throws Error when TLS settings are missing where they belong, or are where none do.
 */
export function createListener(
  config: ListenerConfig,
  needs: ListenerNeeds,
  events: ListenerEvents,
): Listener {
  const isSecure = config.transport === 'tls' || config.transport === 'wss';
  if (isSecure !== (config.tls !== undefined)) {
    throw new Error(
      `listener ${config.name}: ${config.transport} ${isSecure ? 'needs' : 'has no'} TLS settings`,
    );
  }
  switch (config.transport) {
    case 'tcp':
    case 'tls':
      return createTcpListener(config, needs, events);
    case 'unix':
      if (config.socket === undefined) throw new Error(`listener ${config.name}: unix needs a path`);
      return createUnixListener(config, config.socket, needs, events);
    case 'ws':
    case 'wss':
      return createWsListener(config, needs, events);
  }
}
