import type {
  CertificateProblem,
  CertificateVerification,
  ReasonCode,
  SafeDetail,
} from '@gatehouse/auth-core';
import { foreignReason, sniff } from '../protocol/sniff.ts';
import type { ClientHello } from './client-hello.ts';
import type { NamedIdentity } from './pre-shared-keys.ts';

/** A refusal before MQTT. */
export interface TransportRefusal {
  readonly reason: ReasonCode;
  readonly detail: SafeDetail;
}

/** What a TLS listener accepts, as the record of a failed handshake says it. */
export interface Accepted {
  readonly versions: readonly string[];
  readonly ciphers: readonly string[];
}

/** Names of a list that are recorded. */
const LISTED_MAX = 40;

const REASONS: Readonly<Record<string, ReasonCode>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'TLS_VERSION_UNSUPPORTED',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS_VERSION_UNSUPPORTED',
  ERR_SSL_VERSION_TOO_LOW: 'TLS_VERSION_UNSUPPORTED',
  ERR_SSL_VERSION_TOO_HIGH: 'TLS_VERSION_UNSUPPORTED',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'TLS_VERSION_UNSUPPORTED',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'TLS_VERSION_UNSUPPORTED',
  ERR_SSL_NO_SHARED_CIPHER: 'TLS_NO_SHARED_CIPHER',
  // Alerts by which a client turns our certificate down (RFC 8446 §6.2).
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'TLS_SERVER_CERT_REJECTED',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'TLS_SERVER_CERT_REJECTED',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'TLS_SERVER_CERT_REJECTED',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'TLS_SERVER_CERT_REJECTED',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'TLS_SERVER_CERT_REJECTED',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'TLS_SERVER_CERT_REJECTED',
};

/** Why a handshake failed: OpenSSL's error code, and what was offered against what is accepted. */
export function handshakeFailure(
  code: string,
  hello: ClientHello | undefined,
  accepted: Accepted,
): TransportRefusal {
  const reason = REASONS[code] ?? 'TLS_HANDSHAKE_FAILED';
  return { reason, detail: { code, ...compared(reason, hello, accepted), ...named(hello) } };
}

const CERTIFICATE_REASONS: Readonly<Record<CertificateProblem, ReasonCode>> = {
  'no-path': 'TLS_CERT_UNTRUSTED',
  invalid: 'TLS_CERT_UNTRUSTED',
  revoked: 'TLS_CERT_REVOKED',
  'crl-unavailable': 'TLS_CRL_UNAVAILABLE',
  expired: 'TLS_CERT_EXPIRED',
  'not-yet-valid': 'TLS_CERT_NOT_YET_VALID',
};

/** The listener wants a certificate, and none was presented. */
export const CERTIFICATE_REQUIRED: TransportRefusal = { reason: 'TLS_CERT_REQUIRED', detail: {} };

/** Why a listener does not take a client's certificate: OpenSSL's code, and which certificate of the chain is at fault. */
export function certificateRefusal({
  problem,
  code,
  subject,
  depth,
}: Extract<CertificateVerification, { verified: false }>): TransportRefusal {
  return { reason: CERTIFICATE_REASONS[problem], detail: { code, certificate: subject, depth } };
}

/** What OpenSSL says of a handshake whose two sides have different keys. */
const WRONG_KEY: ReadonlySet<string> = new Set([
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  'ERR_SSL_DIGEST_CHECK_FAILED',
  'ERR_SSL_BAD_DECRYPT',
  'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
  'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
]);

/** Why a handshake failed in which an identity was named; undefined when its key has nothing to do with it. */
export function pskFailure(code: string, named: NamedIdentity | undefined): TransportRefusal | undefined {
  if (named === undefined || !WRONG_KEY.has(code)) return undefined;
  const reason = named.isKnown ? 'PSK_KEY_MISMATCH' : 'PSK_UNKNOWN_IDENTITY';
  return { reason, detail: { code, identity: named.identity } };
}

/**
 * The client is gone without an alert, after it had seen our certificate: libraries that check it by themselves (Node's
 * among them) leave like that when they do not trust it. An inference, and marked as one.
 */
export const WITHOUT_A_WORD: TransportRefusal = {
  reason: 'TLS_SERVER_CERT_REJECTED',
  detail: { what: 'closed-by-client', inferred: true },
};

/** The client went away during the handshake. */
export function givenUp(hello: ClientHello | undefined, accepted: Accepted): TransportRefusal {
  if (hello === undefined) return handshakeFailure('ECONNRESET', hello, accepted);
  return { ...WITHOUT_A_WORD, detail: { ...WITHOUT_A_WORD.detail, ...named(hello) } };
}

/** The handshake did not end in time. */
export function handshakeTimeout(limitMs: number, receivedBytes: number): TransportRefusal {
  return { reason: 'TLS_HANDSHAKE_TIMEOUT', detail: { limitMs, receivedBytes } };
}

/** First bytes on a TLS port that begin no handshake: plain MQTT, plain HTTP, or something else. */
export function plainBytes(bytes: Buffer, isWeb: boolean): TransportRefusal {
  const found = sniff(bytes);
  const detail = { firstBytes: bytes.toString('hex', 0, 8), expected: 'TLS handshake' };
  if (found === 'connect' || (found === 'http' && isWeb)) return { reason: 'PLAIN_ON_TLS_PORT', detail };
  return { reason: found === 'http' ? foreignReason(found) : 'PROTOCOL_NOT_MQTT', detail };
}

function compared(reason: ReasonCode, hello: ClientHello | undefined, accepted: Accepted): SafeDetail {
  if (hello === undefined) return {};
  if (reason === 'TLS_VERSION_UNSUPPORTED') {
    return { offeredVersions: listed(hello.versions), acceptedVersions: listed(accepted.versions) };
  }
  if (reason === 'TLS_SERVER_CERT_REJECTED') return {};
  return {
    offeredVersions: listed(hello.versions),
    offeredCiphers: listed(hello.ciphers),
    acceptedCiphers: listed(accepted.ciphers),
  };
}

function named(hello: ClientHello | undefined): SafeDetail {
  if (hello === undefined) return {};
  return {
    ...(hello.serverName === undefined ? {} : { serverName: hello.serverName }),
    ...(hello.alpn.length === 0 ? {} : { alpn: listed(hello.alpn) }),
  };
}

const listed = (names: readonly string[]): readonly string[] => names.slice(0, LISTED_MAX);
