import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type SecureVersion, type TLSSocket, type TlsOptions } from 'node:tls';
import type { ServerCertificate, TlsSettings } from '../config.ts';
import { readCiphers, toOpenSsl } from './ciphers.ts';
import { CertificateDesk } from './client-certificates.ts';
import { ReadTrust } from './client-trust.ts';
import { type NamedIdentity, PskDesk } from './pre-shared-keys.ts';

/** Seconds for which a ticket shortens the next handshake. */
const TICKET_SECONDS = 7_200;

/** What a handshake came to; `named` is the pre-shared key identity, where the client got so far. */
export type HandshakeResult =
  | { readonly outcome: 'secure'; readonly socket: TLSSocket; readonly named: NamedIdentity | undefined }
  | { readonly outcome: 'error'; readonly code: string; readonly named: NamedIdentity | undefined }
  | { readonly outcome: 'closed' | 'timeout' };

/** What a handshake is done with, all of it replaceable. */
interface Material {
  readonly certificate: ServerCertificate;
  readonly trust: ReadTrust | undefined;
}

/** Node's TLS server, fed with sockets that others have accepted. */
export interface Handshakes {
  /** `arm` sets the deadline and gives what cancels it. */
  readonly handshake: (socket: Socket, arm: (end: () => void) => () => void) => Promise<HandshakeResult>;
  /**
   * Serves this certificate from now on.
   *
   * @throws Error when OpenSSL cannot use it; the one before stays.
   */
  readonly use: (certificate: ServerCertificate) => void;
  /** Undefined where no certificates are asked for. */
  readonly certificates: CertificateDesk | undefined;
}

/** @throws Error when OpenSSL cannot use certificate, CAs or ciphers. */
export function createHandshakes(
  settings: TlsSettings,
  chooseProtocol: (offered: readonly string[]) => string | undefined,
): Handshakes {
  const { clientCertificates, preSharedKeys } = settings;
  const certificates = clientCertificates && new CertificateDesk(clientCertificates);
  const keys = preSharedKeys && new PskDesk(preSharedKeys);
  let material: Material = { certificate: settings.certificate, trust: certificates?.trust };
  const server = createServer({
    ...contextOptions(settings, material),
    ...(certificates === undefined ? {} : { requestCert: true, rejectUnauthorized: false }),
    ...(keys === undefined ? {} : { pskCallback: keys.callback }),
    ALPNCallback: ({ protocols }) => chooseProtocol(protocols),
  });
  const replace = (next: Material): void => {
    server.setSecureContext(contextOptions(settings, next));
    material = next;
  };
  clientCertificates?.trust.onReplace((next) => {
    const trust = new ReadTrust(next);
    replace({ ...material, trust });
    certificates?.use(trust);
  });
  return {
    handshake: handshakesOf(server, (socket) => keys?.namedBy(socket)),
    use: (certificate) => {
      replace({ ...material, certificate });
    },
    certificates,
  };
}

function handshakesOf(
  server: ReturnType<typeof createServer>,
  namedBy: (socket: TLSSocket) => NamedIdentity | undefined,
): Handshakes['handshake'] {
  const pending = new Map<string, (result: HandshakeResult) => void>();
  server.on('secureConnection', (socket) => {
    socket.disableRenegotiation();
    socket.on('error', () => undefined);
    pending.get(endpointOf(socket))?.({ outcome: 'secure', socket, named: namedBy(socket) });
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const code = error.code ?? 'unknown';
    pending.get(endpointOf(socket))?.({ outcome: 'error', code, named: namedBy(socket) });
  });
  return (socket, arm) =>
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
}

/** Node does not say which socket a TLS socket was made of; while both live, the other end's address does. */
const endpointOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string =>
  `${remoteAddress} ${remotePort}`;

/** The list that is in force: of pre-shared key suites where the listener has such keys. */
export const cipherListOf = ({ ciphers, preSharedKeys }: TlsSettings): string =>
  preSharedKeys?.ciphers ?? ciphers;

/** The newest version that is spoken: pre-shared keys of this kind end with TLS 1.2. */
export const maxVersionOf = ({ maxVersion = 'TLSv1.3', preSharedKeys }: TlsSettings): SecureVersion =>
  preSharedKeys !== undefined && maxVersion === 'TLSv1.3' ? 'TLSv1.2' : maxVersion;

function contextOptions(settings: TlsSettings, { certificate, trust }: Material): TlsOptions {
  const { minVersion, preSharedKeys } = settings;
  const maxVersion = maxVersionOf(settings);
  const list = cipherListOf(settings);
  // A resumed session would skip the look at certificate, lists and keys: such listeners do whole handshakes only.
  const isWhole = trust !== undefined || preSharedKeys !== undefined;
  return {
    key: certificate.key.reveal(),
    cert: certificate.cert,
    minVersion,
    maxVersion,
    ciphers: toOpenSsl(readCiphers(list, minVersion), minVersion),
    // The intermediate list leaves the choice to the client, which knows whether its processor has AES.
    honorCipherOrder: list !== '',
    dhparam: 'auto',
    sessionTimeout: TICKET_SECONDS,
    ...(isWhole ? { secureOptions: constants.SSL_OP_NO_TICKET } : {}),
    ...(trust === undefined
      ? {}
      : { ca: trust.ca, ...(trust.crls.length > 0 ? { crl: [...trust.crls] } : {}) }),
  };
}
