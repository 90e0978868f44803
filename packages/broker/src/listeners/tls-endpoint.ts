import type { Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { TlsFacts } from '@gatehouse/auth-core';
import type { Clock } from '@gatehouse/ports';
import type { ServerCertificate, TlsSettings } from '../config.ts';
import { readAhead } from './ahead.ts';
import { readCiphers, toOpenSsl } from './ciphers.ts';
import { isHelloWhole, parseClientHello } from './client-hello.ts';
import type { Arrival, ListenerEvents } from './listener.ts';
import {
  type Accepted,
  givenUp,
  handshakeFailure,
  handshakeTimeout,
  plainBytes,
  type TransportRefusal,
  WITHOUT_A_WORD,
} from './tls-failure.ts';

const RECORD_HANDSHAKE = 0x16;
/** Seconds for which a ticket shortens the next handshake. */
const TICKET_SECONDS = 7_200;
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** The TLS layer of one listener. */
export interface TlsEndpoint {
  /** Takes a connection through its handshake; undefined when that failed, which is recorded. */
  secure(arrival: Arrival): Promise<Arrival | undefined>;
  /**
   * Serves this certificate to connections from now on.
   *
   * @throws Error when OpenSSL cannot use it; the one before stays.
   */
  use(certificate: ServerCertificate): void;
}

/** Makes the TLS layer; `isWeb`: HTTP follows, not MQTT. */
export function createTlsEndpoint(
  settings: TlsSettings,
  isWeb: boolean,
  clock: Clock,
  events: Pick<ListenerEvents, 'refused'>,
): TlsEndpoint {
  const accepted: Accepted = {
    versions: VERSIONS.slice(VERSIONS.indexOf(settings.minVersion)),
    ciphers: readCiphers(settings.ciphers, settings.minVersion).usable,
  };
  const { handshake, use } = createHandshakes(settings, isWeb);
  const endsAfter = settings.handshakeTimeoutMs;

  async function attempt(arrival: Arrival): Promise<TLSSocket | TransportRefusal | undefined> {
    const startedAt = clock.monotonic();
    const ahead = await readAhead(arrival.socket, judgeHello, { clock, timeoutMs: endsAfter });
    if (ahead.outcome === 'timeout') return handshakeTimeout(endsAfter, ahead.receivedBytes);
    if (ahead.outcome === 'closed') return undefined;
    if (ahead.value[0] !== RECORD_HANDSHAKE) return plainBytes(ahead.value, isWeb);
    const leftMs = endsAfter - (clock.monotonic() - startedAt);
    const result = await handshake(arrival.socket, (end) => clock.after(leftMs, end));
    switch (result.outcome) {
      case 'secure':
        return result.socket;
      case 'timeout':
        return handshakeTimeout(endsAfter, ahead.value.length);
      case 'closed':
        return givenUp(parseClientHello(ahead.value), accepted);
      case 'error':
        return handshakeFailure(result.code, parseClientHello(ahead.value), accepted);
    }
  }

  return {
    use,
    secure: async (arrival) => {
      const result = await attempt(arrival);
      if (result === undefined) return undefined;
      if ('reason' in result) {
        events.refused(arrival.peer, result.reason, result.detail);
        return undefined;
      }
      const peer = { ...arrival.peer, tls: factsOf(result) };
      whenGoneInSilence(result, () => {
        events.refused(peer, WITHOUT_A_WORD.reason, WITHOUT_A_WORD.detail);
      });
      return { socket: result, place: arrival.place, peer };
    },
  };
}

/** Calls back when the client closes before it has sent anything: TLS 1.2 clients reject our certificate like that. */
function whenGoneInSilence(socket: TLSSocket, gone: () => void): void {
  const ended = (): void => {
    socket.off('end', ended).off('error', ended);
    // What this server closed by itself has a reason of its own.
    if (socket.bytesRead === 0 && !socket.writableEnded) gone();
  };
  socket.on('end', ended).on('error', ended);
}

/** Enough is a whole hello, or the first byte of something else. */
function judgeHello(bytes: Buffer): { readonly value: Buffer; readonly usedBytes: 0 } | undefined {
  const isEnough = bytes[0] !== RECORD_HANDSHAKE || isHelloWhole(bytes);
  return isEnough ? { value: bytes, usedBytes: 0 } : undefined;
}

type HandshakeResult =
  | { readonly outcome: 'secure'; readonly socket: TLSSocket }
  | { readonly outcome: 'error'; readonly code: string }
  | { readonly outcome: 'closed' | 'timeout' };

/** Node's TLS server, fed with sockets that others have accepted. */
function createHandshakes(settings: TlsSettings, isWeb: boolean) {
  const pending = new Map<string, (result: HandshakeResult) => void>();
  const server = createServer({
    ...contextOptions(settings, settings.certificate),
    ALPNCallback: ({ protocols }) => chooseProtocol(protocols, isWeb),
  });
  server.on('secureConnection', (socket) => {
    socket.disableRenegotiation();
    socket.on('error', () => undefined);
    pending.get(endpointOf(socket))?.({ outcome: 'secure', socket });
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    pending.get(endpointOf(socket))?.({ outcome: 'error', code: error.code ?? 'unknown' });
  });

  const handshake = (socket: Socket, arm: (end: () => void) => () => void): Promise<HandshakeResult> =>
    new Promise((resolve) => {
      const key = endpointOf(socket);
      const settle = (result: HandshakeResult): void => {
        cancel();
        pending.delete(key);
        socket.off('close', closed);
        resolve(result);
      };
      const closed = (): void => {
        settle({ outcome: 'closed' });
      };
      const cancel = arm(() => {
        settle({ outcome: 'timeout' });
      });
      socket.on('close', closed);
      pending.set(key, settle);
      server.emit('connection', socket);
    });
  return {
    handshake,
    use: (certificate: ServerCertificate): void => {
      server.setSecureContext(contextOptions(settings, certificate));
    },
  };
}

/** Node does not say which socket a TLS socket was made of; while both live, the other end's address does. */
const endpointOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string =>
  `${remoteAddress} ${remotePort}`;

function contextOptions(settings: TlsSettings, { key, cert }: ServerCertificate): TlsOptions {
  const { minVersion } = settings;
  return {
    key: key.reveal(),
    cert,
    minVersion,
    ciphers: toOpenSsl(readCiphers(settings.ciphers, minVersion), minVersion),
    // The intermediate list leaves the choice to the client, which knows whether its processor has AES.
    honorCipherOrder: settings.ciphers !== '',
    dhparam: 'auto',
    sessionTimeout: TICKET_SECONDS,
  };
}

/** HTTP has to be spoken where HTTP follows; a device may call MQTT what it likes (`mqtt` is registered for it). */
function chooseProtocol(offered: readonly string[], isWeb: boolean): string | undefined {
  const ours = isWeb ? 'http/1.1' : 'mqtt';
  if (offered.includes(ours)) return ours;
  return isWeb ? undefined : offered[0];
}

function factsOf(socket: TLSSocket): TlsFacts {
  const { servername, alpnProtocol } = socket as { servername?: unknown; alpnProtocol?: unknown };
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    serverName: typeof servername === 'string' ? servername : undefined,
    alpnProtocol: typeof alpnProtocol === 'string' ? alpnProtocol : undefined,
    certificate: undefined,
    pskIdentity: undefined,
  };
}
