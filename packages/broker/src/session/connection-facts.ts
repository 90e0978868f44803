import type { ProtocolVersion, Transport } from '@gatehouse/auth-core';

/** How a client is connected, or was last: shown to people; access rules may look at where from. */
export interface ConnectionFacts {
  readonly listener: string;
  readonly transport: Transport;
  readonly ip: string;
  /** Common name of its certificate, if that verified. */
  readonly commonName?: string | undefined;
  readonly tls: boolean;
  /** As OpenSSL names them; null without TLS. */
  readonly tlsVersion: string | null;
  readonly tlsCipher: string | null;
  readonly protocol: ProtocolVersion;
  readonly keepAliveSeconds: number;
  readonly cleanStart: boolean;
  readonly connectedAt: number;
}
