import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ReasonCode, SafeDetail } from '@gatehouse/auth-core';
import type { Clock, ListenerStatus } from '@gatehouse/ports';
import type { BrokerLog, Limits, ListenerConfig, ServerCertificate } from '../config.ts';
import type { Peer } from '../context.ts';
import type { TrustedProxies } from './address.ts';
import type { Admittance } from './gate.ts';

/** What a listener hands to the broker. */
export interface ListenerEvents {
  /**
   * A socket was accepted. Undefined when a bound forbade it and the listener is to close. `viaProxy`: the peer is a
   * trusted proxy, whose client is yet to be named.
   */
  accepted(peer: Peer, viaProxy: boolean): Admittance | undefined;
  /** Bytes of MQTT begin here; false when a bound of the client's address forbade it and the listener is to close. */
  connection(peer: Peer, stream: Duplex, place: Admittance): boolean;
  /** A peer that got no further than the transport. */
  refused(peer: Peer, reason: ReasonCode, detail: SafeDetail): void;
  /** A bound of the client's address forbade its connection, which the listener closes: refused, and counted. */
  refusedOver(peer: Peer, bound: keyof Limits): void;
  /** A bound was met without anybody being refused. */
  met(bound: keyof Limits): void;
}

/** What a listener needs besides its configuration. */
export interface ListenerNeeds {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: BrokerLog;
  readonly trusted: TrustedProxies;
}

/** A connection whose transport is ready: MQTT or HTTP begins with its next byte. */
export interface Arrival {
  readonly socket: Socket;
  readonly peer: Peer;
  readonly place: Admittance;
}

/** One open port. */
export interface Listener {
  /** @throws Error when the port cannot be opened, or OpenSSL cannot use the certificate. */
  start(): Promise<void>;
  /** Stops accepting; open connections are the broker's to close. */
  stop(): Promise<void>;
  /** `connections` is counted by the broker. */
  status(): Omit<ListenerStatus, 'connections'>;
  /**
   * Serves another certificate to connections from now on; listeners without TLS have no use for it.
   *
   * @throws Error when OpenSSL cannot use it; the one before stays.
   */
  useCertificate(certificate: ServerCertificate): void;
}

/** Connections that the kernel keeps for us until they are accepted. */
const BACKLOG = 1_024;

/**
 * Opens a server.
 *
 * @throws Error with Node's `code` (`EADDRINUSE`, `EACCES`, …) and the listener's name in its message.
 */
export async function listen(server: Server, { name, host, port, socket }: ListenerConfig): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(
    socket === undefined ? { host, port, backlog: BACKLOG } : { path: socket.path, backlog: BACKLOG },
  );
  try {
    await listening;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const failure = new Error(`listener ${name}: ${why}`, { cause: error });
    throw Object.assign(failure, { code: (error as NodeJS.ErrnoException).code });
  }
}

export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  await closed;
}

export function statusOf(server: Server, config: ListenerConfig): Omit<ListenerStatus, 'connections'> {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : null;
  return { name: config.name, transport: config.transport, enabled: true, host: config.host, port };
}
