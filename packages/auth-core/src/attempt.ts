import type { Secret } from './secret.ts';

/** MQTT protocol level as in CONNECT: 3 is 3.1, 4 is 3.1.1, 5 is 5.0. */
export type ProtocolVersion = 3 | 4 | 5;

/** What carries the connection. */
export type Transport = 'tcp' | 'tls' | 'ws' | 'wss' | 'unix';

/** Facts about a client's certificate, already read from the socket. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string | undefined;
  /** SHA-256 over the DER, lower-case hex without separators. */
  readonly fingerprint: string;
  readonly serialNumber: string;
  /** ISO 8601 UTC. */
  readonly notBefore: string;
  /** ISO 8601 UTC. */
  readonly notAfter: string;
}

/** Names of a certificate beside its subject (RFC 5280 §4.2.1.6), as far as clients are told apart by them. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly string[];
}

/** A certificate of the chain that a client presented. */
export interface ChainCertificate extends CertificateFacts {
  readonly alternativeNames: AlternativeNames;
  /** Only of a root CA that was presented and that nobody trusts: an operator may. */
  readonly pem?: string;
}

/**
 * Why a certificate does not verify: no path to a trusted CA; a certificate of the path is revoked, expired, not yet
 * valid or otherwise `invalid` (wrong purpose, bad signature, chain too long); or there is no current revocation list.
 * Expired and not yet valid are said only where nothing else is wrong.
 */
export type CertificateProblem =
  'no-path' | 'revoked' | 'crl-unavailable' | 'invalid' | 'expired' | 'not-yet-valid';

/** Whether a client's certificate leads to a CA that the listener trusts, and what is wrong where it does not. */
export type CertificateVerification =
  | { readonly verified: true }
  | {
      readonly verified: false;
      readonly problem: CertificateProblem;
      /** OpenSSL's name of the error. */
      readonly code: string;
      /** Subject of the certificate that is at fault. */
      readonly subject: string;
      /** How far that is above the client's own, which is 0. */
      readonly depth: number;
    };

/** What is known about the TLS layer of a connection; null in an attempt that came without TLS. */
export interface TlsFacts {
  readonly version: string;
  readonly cipher: string;
  /** What the client says it connects to (SNI). */
  readonly serverName: string | undefined;
  /** The protocol agreed on by ALPN. */
  readonly alpnProtocol?: string | undefined;
  /** The client's own certificate; in an attempt only where it verified. */
  readonly certificate: CertificateFacts | undefined;
  /** What was presented, the client's own certificate first; absent or empty where none was. */
  readonly chain?: readonly ChainCertificate[];
  /** Undefined where no certificate was presented. A pre-shared key never counts as one. */
  readonly verification?: CertificateVerification | undefined;
  /** Set once the client has proved that it holds this identity's key. */
  readonly pskIdentity: string | undefined;
  /** Whose key that was; null: one of the listener's file; undefined where nobody asked (a made-up attempt). */
  readonly pskOrigin?: PskOrigin | null;
}

/** The stored credential whose pre-shared key a client proved in its handshake. */
export interface PskOrigin {
  readonly credentialId: string;
  /** When that key was set, milliseconds since the epoch: one that was replaced since opens nothing. */
  readonly keyChangedAt: number;
}

/** A will as announced by CONNECT, without its payload. */
export interface WillFacts {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/**
 * A CONNECT reduced to plain facts: all that the chain may look at. Strings are what the client sent, unescaped and
 * therefore hostile; `clientId` and `username` are valid UTF-8 without U+0000 (the guard rejects the rest).
 */
export interface Attempt {
  /** Opaque reference, unique per attempt: what an operator and the person beside the device can both name. */
  readonly id: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly listener: string;
  readonly chain: string;
  readonly transport: Transport;
  /** The client's address without port; IPv4-mapped IPv6 is written as IPv4. */
  readonly ip: string;
  /** The address at the other end of the connection itself, where a trusted proxy's header says another `ip`. */
  readonly peerIp?: string;
  readonly port: number;
  readonly tls: TlsFacts | null;
  readonly protocolVersion: ProtocolVersion;
  /** The client ID in force (after mapping and assignment). */
  readonly clientId: string;
  /** True when CONNECT carried an empty client ID and the server made one up. */
  readonly clientIdAssigned: boolean;
  /** Undefined when the username flag was not set. An empty string counts as no username (reference/emqx.md C5). */
  readonly username: string | undefined;
  /** Undefined when the password flag was not set; may be empty bytes. */
  readonly password: Secret<Uint8Array> | undefined;
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  readonly authMethod: string | undefined;
  readonly will: WillFacts | undefined;
}
