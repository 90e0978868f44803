import { createServer, type Socket } from 'node:net';
import type { ListenerConfig } from '../config.ts';
import type { Peer } from '../context.ts';
import { normalizeAddress } from './address.ts';
import { readAhead } from './ahead.ts';
import {
  type Arrival,
  closeServer,
  listen,
  type Listener,
  type ListenerEvents,
  type ListenerNeeds,
  statusOf,
} from './listener.ts';
import { type ProxySource, readProxyHeader } from './proxy-header.ts';
import { createTlsEndpoint, type TlsEndpoint } from './tls-endpoint.ts';

/** Who comes over a Unix socket is on this machine. */
const LOOPBACK = '127.0.0.1';

/** A step that connections go through before they speak; undefined ends one that was refused. */
type Step = (arrival: Arrival) => Promise<Arrival | undefined>;

/**
 * Opens a port, counts who comes, hears whom a proxy speaks for, does the TLS handshake, and hands over what is left.
 */
export function createFront(
  config: ListenerConfig,
  needs: ListenerNeeds,
  events: ListenerEvents,
  arrived: (arrival: Arrival) => void,
): Listener {
  const isWeb = config.transport === 'ws' || config.transport === 'wss';
  let endpoint: TlsEndpoint | undefined;
  const steps: readonly Step[] = [
    ...(config.proxyProtocol === true
      ? [(arrival: Arrival) => nameClient(arrival, config, needs, events)]
      : []),
    ...(config.tls === undefined ? [] : [async (arrival: Arrival) => endpoint?.secure(arrival)]),
  ];
  const onTheirWay = new Set<Socket>();

  async function prepare(arrival: Arrival): Promise<void> {
    let ready: Arrival | undefined = arrival;
    for (const step of steps) {
      ready = await step(ready);
      if (ready === undefined) break;
    }
    onTheirWay.delete(arrival.socket);
    if (ready === undefined || arrival.socket.destroyed) arrival.socket.destroy();
    else arrived(ready);
  }

  const terms = termsOf(config);
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const peer = peerOf(terms, socket);
    const viaProxy = (isWeb || config.proxyProtocol === true) && needs.trusted(peer.ip);
    const place = events.accepted(peer, viaProxy);
    if (place === undefined) {
      socket.destroy();
      return;
    }
    socket.on('error', () => undefined);
    socket.once('close', () => {
      onTheirWay.delete(socket);
      place.release();
    });
    const arrival = { socket, peer, place };
    if (steps.length === 0) {
      arrived(arrival);
      return;
    }
    onTheirWay.add(socket);
    prepare(arrival).catch((err: unknown) => {
      needs.log.error({ err, listener: config.name }, 'a connection could not be prepared');
      socket.destroy();
    });
  });

  return {
    start: async () => {
      if (config.tls !== undefined) endpoint = createTlsEndpoint(config.tls, isWeb, needs.clock, events);
      await listen(server, config);
    },
    stop: async () => {
      for (const socket of onTheirWay) socket.destroy();
      await closeServer(server);
    },
    status: () => statusOf(server, config),
    useCertificate: (certificate) => {
      endpoint?.use(certificate);
    },
  };
}

/** What is the same of all who come through one listener. */
const termsOf = (config: ListenerConfig): Omit<Peer, 'ip' | 'port'> => ({
  listener: config.name,
  chain: config.chain,
  transport: config.transport,
  tls: null,
  ...(config.usernameAsClientId === true ? { usernameAsClientId: true } : {}),
  ...(config.mountpoint === undefined || config.mountpoint === '' ? {} : { mountpoint: config.mountpoint }),
});

function peerOf(terms: Omit<Peer, 'ip' | 'port'>, socket: Socket): Peer {
  const ip = terms.transport === 'unix' ? LOOPBACK : normalizeAddress(socket.remoteAddress);
  return { ...terms, ip, port: socket.remotePort ?? 0 };
}

/** Reads the PROXY header, and counts the connection for the client that it names. */
async function nameClient(
  arrival: Arrival,
  { proxiedCommonName }: ListenerConfig,
  needs: ListenerNeeds,
  events: ListenerEvents,
): Promise<Arrival | undefined> {
  const { peer, place } = arrival;
  const heard = await hearProxy(arrival, needs);
  if (heard === undefined) return undefined;
  if ('what' in heard) {
    events.refused(peer, 'PROXY_HEADER_INVALID', heard);
    return undefined;
  }
  const { ip, port, commonName } = heard;
  const named = { ...peer, ip, port, peerIp: peer.ip, ...mapped(proxiedCommonName, commonName) };
  const bound = place.move(named.ip);
  if (bound === undefined) return { ...arrival, peer: named };
  events.refusedOver(named, bound);
  return undefined;
}

const mapped = (
  mapping: ListenerConfig['proxiedCommonName'],
  commonName: string | undefined,
): Pick<Peer, 'identity'> =>
  mapping === undefined || commonName === undefined
    ? {}
    : {
        identity: {
          username: mapping.asUsername ? commonName : undefined,
          clientId: mapping.asClientId ? commonName : undefined,
        },
      };

/** Whom the header speaks for, or what is wrong; undefined when the peer went away. */
async function hearProxy(
  { peer, socket }: Arrival,
  { clock, limits, trusted }: ListenerNeeds,
): Promise<ProxySource | { readonly what: string } | undefined> {
  if (!trusted(peer.ip)) return { what: 'untrusted-peer' };
  const ahead = await readAhead(socket, readProxyHeader, { clock, timeoutMs: limits.connectTimeoutMs });
  if (ahead.outcome === 'closed') return undefined;
  if (ahead.outcome === 'timeout') return { what: 'timeout' };
  switch (ahead.value.kind) {
    case 'fault':
      return { what: ahead.value.what };
    case 'local':
      return { ip: peer.ip, port: peer.port };
    case 'proxied':
      return ahead.value.source;
  }
}
