import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { RecordLookup, Secret } from '@gatehouse/auth-core';

/** Connections held to a backend. */
export interface SourcePool {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

export type SourceProbe =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly problem: string };

/** A database as its authenticator sees it, with what an operator wants to know. Nothing here throws or rejects. */
export interface SourceBackend extends RecordLookup {
  /** Reaches the backend once, without asking it about anybody. */
  readonly probe: () => Promise<SourceProbe>;
  readonly pool: () => SourcePool;
  readonly close: () => Promise<void>;
}

/** TLS to a backend; texts are PEM. */
export interface SourceTls {
  /** Undefined: the system's. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: Secret<string> | undefined;
  readonly verify: boolean;
  /** Undefined: the host. */
  readonly serverName: string | undefined;
}

/** What connecting needs, whatever the backend. */
export interface SourceConnection {
  readonly username: string;
  readonly password: Secret<string>;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
  /** Undefined: in the clear. */
  readonly tls: SourceTls | undefined;
}

/** One server of a backend. */
export interface SourceAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `host`, `host:port`, `[IPv6]:port`; the settings' schema has let in nothing else. */
export function sourceAddressOf(text: string, defaultPort: number): SourceAddress {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: port === undefined ? defaultPort : Number(port) };
}

/** What `tls.connect` and the drivers take. */
export interface TlsOptions {
  rejectUnauthorized: boolean;
  checkServerIdentity?: typeof checkServerIdentity;
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
}

/**
 * The options of `tls.connect` that say the same; `host` is what the certificate must name where nothing else is said.
 */
export function tlsOptionsOf(tls: SourceTls, host?: string): TlsOptions {
  const name = tls.serverName ?? host;
  return {
    rejectUnauthorized: tls.verify,
    ...(name === undefined
      ? {}
      : {
          checkServerIdentity: (_asked: string, certificate: PeerCertificate) =>
            checkServerIdentity(name, certificate),
        }),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key.reveal() }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
}
