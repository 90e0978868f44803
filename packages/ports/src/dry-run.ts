import type { AnonymousPolicy, ChainSetupEntry, ReasonCode } from '@gatehouse/auth-core';
import type { RawAuthenticator } from './auth-setup.ts';

/** What an authenticator answered about a client, where nothing has changed since that would let it answer otherwise. */
export interface KnownAnswer {
  readonly outcome: 'allow' | 'deny' | 'ignore';
  /** Null with `allow`. */
  readonly reason: ReasonCode | null;
}

/** A client that is known from an attempt or a session, without its secret: that is never kept. */
export interface DryRunClient {
  /** Given back with the verdict. */
  readonly id: string;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly ip: string;
  readonly listener: string;
  readonly protocolVersion: 3 | 4 | 5;
  readonly passwordProvided: boolean;
  readonly tlsUsed: boolean;
  /** By authenticator. */
  readonly known: Readonly<Record<string, KnownAnswer>>;
}

/** A chain as it may become, and clients to ask it about. */
export interface DryRunRequest {
  readonly chain: string;
  readonly steps: readonly ChainSetupEntry[];
  readonly anonymous: AnonymousPolicy;
  /** Settings that differ from those in force, secrets among them, by name. */
  readonly authenticators: Readonly<Record<string, RawAuthenticator>>;
  readonly clients: readonly DryRunClient[];
}

/**
 * Why it cannot be told what the chain would decide. `secret-not-kept`, `certificate-not-kept`: a step decides by what
 * is not stored. `service-not-asked`: a step would call a service with the client's secret. `busy`, `out-of-time`: it
 * was not found out.
 */
export const DRY_RUN_UNKNOWN = [
  'secret-not-kept',
  'certificate-not-kept',
  'service-not-asked',
  'busy',
  'out-of-time',
] as const;
export type DryRunUnknown = (typeof DRY_RUN_UNKNOWN)[number];

export interface DryRunVerdict {
  readonly id: string;
  readonly outcome: 'allow' | 'deny' | 'unknown';
  /** Of a refusal. */
  readonly reason: ReasonCode | null;
  /** The authenticator that decided, or that cannot be told about; `policy` when none did; empty where nobody was asked. */
  readonly by: string;
  /** Why it cannot be told; null when it can. */
  readonly why: DryRunUnknown | null;
  /** Rests on what an authenticator answered then: its own record of the client may have changed since. */
  readonly inferred: boolean;
}
