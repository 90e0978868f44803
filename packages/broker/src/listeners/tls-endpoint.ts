import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { CertificateFacts, ChainCertificate, TlsFacts } from '@gatehouse/auth-core';
import type { Clock } from '@gatehouse/ports';
import type { CertificatePart, IdentityMapping, ServerCertificate, TlsSettings } from '../config.ts';
import type { MappedIdentity, Peer } from '../context.ts';
import { readAhead } from './ahead.ts';
import { partOf } from './certificate-facts.ts';
import { readCiphers } from './ciphers.ts';
import { NOTHING_PRESENTED, type Presented } from './client-certificates.ts';
import { isHelloWhole, parseClientHello } from './client-hello.ts';
import type { Arrival, ListenerEvents } from './listener.ts';
import {
  type Accepted,
  givenUp,
  handshakeFailure,
  handshakeTimeout,
  plainBytes,
  pskFailure,
  type TransportRefusal,
  WITHOUT_A_WORD,
} from './tls-failure.ts';
import type { NamedIdentity } from './pre-shared-keys.ts';
import { cipherListOf, createHandshakes, maxVersionOf, type HandshakeResult } from './tls-handshakes.ts';

const RECORD_HANDSHAKE = 0x16;
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

type Secured = Extract<HandshakeResult, { outcome: 'secure' }>;
type Refused = TransportRefusal & Pick<Peer, 'pskIdentity'>;

/** Makes the TLS layer; `isWeb`: HTTP follows, not MQTT. */
export function createTlsEndpoint(
  settings: TlsSettings,
  isWeb: boolean,
  clock: Clock,
  events: Pick<ListenerEvents, 'refused'>,
): TlsEndpoint {
  const accepted = acceptedBy(settings);
  const { handshake, use, certificates } = createHandshakes(settings, (offered) =>
    chooseProtocol(offered, isWeb),
  );
  const endsAfter = settings.handshakeTimeoutMs;

  async function attempt({ socket }: Arrival): Promise<Secured | Refused | undefined> {
    const startedAt = clock.monotonic();
    const ahead = await readAhead(socket, judgeHello, { clock, timeoutMs: endsAfter });
    if (ahead.outcome === 'timeout') return handshakeTimeout(endsAfter, ahead.receivedBytes);
    if (ahead.outcome === 'closed') return undefined;
    if (ahead.value[0] !== RECORD_HANDSHAKE) return plainBytes(ahead.value, isWeb);
    const leftMs = endsAfter - (clock.monotonic() - startedAt);
    const result = await handshake(socket, (end) => clock.after(leftMs, end));
    switch (result.outcome) {
      case 'secure':
        return result;
      case 'timeout':
        return handshakeTimeout(endsAfter, ahead.value.length);
      case 'closed':
        return givenUp(parseClientHello(ahead.value), accepted);
      case 'error':
        return failed(result, ahead.value, accepted);
    }
  }

  /** Puts together who is at the other end; undefined where the listener ends it here. */
  function meet(arrival: Arrival, { socket, named }: Secured): Arrival | undefined {
    const presented = certificates?.look(socket, clock.now()) ?? NOTHING_PRESENTED;
    const tls = factsOf(socket, presented, named);
    const identity = mapped(settings.identity, presented, tls);
    const { refusal } = presented;
    const peer: Peer = { ...arrival.peer, tls, ...(identity && { identity }) };
    if (refusal !== undefined && settings.clientCertificates?.reject === 'handshake') {
      events.refused(peer, refusal.reason, refusal.detail);
      socket.destroy();
      return undefined;
    }
    const silence = refusal ?? (named === undefined ? WITHOUT_A_WORD : undefined);
    whenGoneInSilence(socket, () => {
      if (silence !== undefined) events.refused(peer, silence.reason, silence.detail);
    });
    return { socket, place: arrival.place, peer: { ...peer, ...(refusal && { refusal }) } };
  }

  return {
    use,
    secure: async (arrival) => {
      const result = await attempt(arrival);
      if (result === undefined) return undefined;
      if ('outcome' in result) return meet(arrival, result);
      const { reason, detail, pskIdentity } = result;
      events.refused(
        { ...arrival.peer, ...(pskIdentity === undefined ? {} : { pskIdentity }) },
        reason,
        detail,
      );
      return undefined;
    },
  };
}

function acceptedBy(settings: TlsSettings): Accepted {
  const { minVersion } = settings;
  return {
    versions: VERSIONS.slice(VERSIONS.indexOf(minVersion), VERSIONS.indexOf(maxVersionOf(settings)) + 1),
    ciphers: readCiphers(cipherListOf(settings), minVersion).usable,
  };
}

/** Why OpenSSL broke a handshake off. */
function failed(
  { code, named }: Extract<HandshakeResult, { outcome: 'error' }>,
  hello: Buffer,
  accepted: Accepted,
): Refused {
  const refusal = pskFailure(code, named) ?? handshakeFailure(code, parseClientHello(hello), accepted);
  return named === undefined ? refusal : { ...refusal, pskIdentity: named.identity };
}

/** What names the client besides CONNECT: never a certificate that did not verify. */
export function mapped(
  mapping: IdentityMapping | undefined,
  { leaf, verification }: Presented,
  { pskIdentity }: TlsFacts,
): MappedIdentity | undefined {
  if (mapping === undefined) return undefined;
  const certificate = verification?.verified === true ? leaf : undefined;
  const name = (part: CertificatePart | undefined, isPsk = false): string | undefined =>
    isPsk ? pskIdentity : nameIn(certificate, part);
  return {
    username: name(mapping.certificateAsUsername, mapping.pskAsUsername),
    clientId: name(mapping.certificateAsClientId, mapping.pskAsClientId),
  };
}

const nameIn = (certificate: X509Certificate | undefined, part: CertificatePart | undefined) =>
  certificate === undefined || part === undefined ? undefined : partOf(certificate, part);

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

/** HTTP has to be spoken where HTTP follows; a device may call MQTT what it likes (`mqtt` is registered for it). */
function chooseProtocol(offered: readonly string[], isWeb: boolean): string | undefined {
  const ours = isWeb ? 'http/1.1' : 'mqtt';
  if (offered.includes(ours)) return ours;
  return isWeb ? undefined : offered[0];
}

function factsOf(
  socket: TLSSocket,
  { chain, verification }: Presented,
  named: NamedIdentity | undefined,
): TlsFacts {
  const { servername, alpnProtocol } = socket as { servername?: unknown; alpnProtocol?: unknown };
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    serverName: typeof servername === 'string' ? servername : undefined,
    alpnProtocol: typeof alpnProtocol === 'string' ? alpnProtocol : undefined,
    certificate: ownFacts(chain),
    chain,
    verification,
    pskIdentity: named?.identity,
    ...(named === undefined ? {} : { pskOrigin: named.origin }),
  };
}

/** The client's own certificate as it is recorded. */
export function ownFacts([own]: readonly ChainCertificate[]): CertificateFacts | undefined {
  if (own === undefined) return undefined;
  const { alternativeNames: _names, ...facts } = own;
  return facts;
}
