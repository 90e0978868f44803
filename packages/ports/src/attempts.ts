import type { CertificateFacts, CertificateProblem, ReasonCode, Trace } from '@gatehouse/auth-core';

/** A certificate of the chain that a refused client presented. */
export interface PresentedCertificate extends CertificateFacts {
  /** What is wrong with it; null: it is not the one at fault. */
  readonly problem: CertificateProblem | null;
  /** Only of a root CA that nobody trusts: an operator may. */
  readonly pem: string | null;
}

/** A refused attempt as the recorder takes it from the connection: plain facts, already cut to their bounds. */
export interface RefusedAttempt {
  readonly ref: string;
  /** Nobody is told the reference (`unauthorized.attempt_reference: false`): it is not searched for. */
  readonly untold?: true;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: ReasonCode;
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly connackCode: number | null;
  readonly authenticator: string | null;
  /** Null: no CONNECT was seen (‹no CONNECT›). Empty: CONNECT carried an empty client ID (‹empty›). Raw, up to its wire length. */
  readonly clientId: string | null;
  readonly username: string | null;
  readonly passwordProvided: boolean;
  /** The secret while it is still in memory, for counting distinct ones; never stored. */
  readonly secret?: Uint8Array | undefined;
  readonly tlsUsed: boolean;
  readonly ip: string;
  readonly listener: string;
  readonly protocol: 3 | 4 | 5 | null;
  readonly keepAliveSeconds: number | null;
  readonly cleanStart: boolean | null;
  readonly certificate: CertificateFacts | null;
  /** The chain that was presented, the client's own certificate first and, where it leads there, the CA; absent where none was. */
  readonly presented?: readonly PresentedCertificate[] | undefined;
  readonly pskIdentity: string | null;
  readonly trace: Trace;
}

/** A login that succeeded: resolves matching rows, and is what later refusals are compared with (auth.md §10). */
export interface AcceptedLogin {
  readonly at: number;
  readonly clientId: string;
  readonly username: string | null;
  readonly credentialId: string | null;
  readonly ip: string;
  readonly listener: string;
  readonly tlsUsed: boolean;
  readonly protocol: 3 | 4 | 5;
  /** Of the client's certificate, as far as it verified; absent without one. */
  readonly serialNumber?: string | undefined;
  /** SHA-256 of that certificate, lower-case hex, and its common name. */
  readonly fingerprint?: string | undefined;
  readonly commonName?: string | undefined;
  /** Whose pre-shared key it proved in its handshake. */
  readonly pskIdentity?: string | undefined;
  /** It ended another connection of the same client ID. */
  readonly tookOver?: boolean | undefined;
}

/**
 * Takes what the connections report. Never waits, never throws, bounded in bytes: what does not fit is aggregated or
 * counted as dropped, and `attempts = itemised + aggregated + dropped` always holds.
 */
export interface AttemptSink {
  refused(attempt: RefusedAttempt): void;
  accepted(login: AcceptedLogin): void;
  /** An admitted client took its leave with DISCONNECT after it had published or subscribed; absent: nobody asks. */
  left?(clientId: string): void;
}

/** Evidence about a row (auth.md §10); each marked as fact or inference where it is shown. */
export interface Evidence {
  /** Distinct secrets tried, at most `distinctSecretsMax` are told apart (ephemeral HMAC in memory). */
  readonly distinctSecrets: number;
  readonly distinctSecretsCapped: boolean;
  readonly mismatchHints: readonly MismatchHint[];
  /** Median seconds between attempts and how regular they are (0 random … 1 clockwork); null until 3 attempts. */
  readonly interval: { readonly medianSeconds: number; readonly regularity: number } | null;
  readonly lastGoodLogin: LastGoodLogin | null;
}

export const MISMATCH_HINTS = [
  'previous-secret',
  'trailing-whitespace',
  'hex-or-base64-form',
  'username-password-swapped',
  'password-of-other-identity',
] as const;
export type MismatchHint = (typeof MISMATCH_HINTS)[number];

export interface LastGoodLogin {
  readonly at: number;
  readonly ip: string;
  readonly listener: string;
  readonly tlsUsed: boolean;
  readonly protocol: 3 | 4 | 5;
  readonly clientId: string;
  /** Its username; absent where that was not kept. */
  readonly username?: string | undefined;
  /** Serial number of its certificate; absent without one. */
  readonly serialNumber?: string | undefined;
  /** Which of the facts differ in the refused attempt. */
  readonly differs: readonly ('ip' | 'listener' | 'tls' | 'protocol' | 'clientId' | 'certificate')[];
}

/** One attempt of a row's bounded history. */
export interface AttemptSample {
  readonly ref: string;
  readonly untold?: true;
  readonly at: number;
  readonly reason: ReasonCode;
  readonly ip: string;
  readonly username: string | null;
  readonly listener: string;
  readonly connackCode: number | null;
  readonly passwordProvided: boolean;
  readonly tlsUsed: boolean;
  readonly protocol: 3 | 4 | 5 | null;
}

/** Who tries under this key, apart: so that a stranger using a device's ID never hides the device's own failure. */
export interface Signature {
  readonly username: string | null;
  /** /24 or /64. */
  readonly network: string;
  readonly reason: ReasonCode;
  readonly listener: string;
  /** SHA-256 and common name of the certificate that it showed; absent without one. */
  readonly fingerprint?: string | undefined;
  readonly commonName?: string | undefined;
  readonly pskIdentity?: string | undefined;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly resolved: boolean;
}

/** What the recorder has coalesced under one key since its last flush. Counters are increments. */
export interface AttemptDelta {
  /** Hex SHA-256: of the whole client ID, or of (listener, network, username | fingerprint | PSK identity). */
  readonly key: string;
  readonly attempts: number;
  readonly firstAt: number;
  /** The last attempt, client ID cut at `clientIdBytesMax` with its flag. */
  readonly last: Omit<RefusedAttempt, 'secret'> & { readonly clientIdTruncated: boolean };
  /** What several attempts leave; absent where `last` is the only one. */
  readonly history?: AttemptHistory | undefined;
  readonly evidence: Evidence;
}

/** What the attempts under one key have left since its last flush. */
export interface AttemptHistory {
  /** Distinct IPs, newest first, at most 8. */
  readonly ips: readonly string[];
  /** Newest last, at most 8. */
  readonly samples: readonly AttemptSample[];
  readonly signatures: readonly Signature[];
}

/** Attempts that were counted but not itemised, by network and reason. */
export interface AggregateDelta {
  readonly network: string;
  readonly reason: ReasonCode;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Evidence that was found when its row had been flushed already: neither an attempt nor a reason to make a row. */
export interface HintDelta {
  /** As in {@link AttemptDelta}. */
  readonly key: string;
  readonly mismatchHints: readonly MismatchHint[];
}

/** One flush: at most 1 000 of each kind. `hints` are applied after `deltas`. */
export interface AttemptBatch {
  readonly deltas: readonly AttemptDelta[];
  readonly aggregates: readonly AggregateDelta[];
  readonly logins: readonly AcceptedLogin[];
  readonly hints?: readonly HintDelta[] | undefined;
  readonly node: string;
}

/**
 * An {@link AttemptBatch} as JSON, which is how it is kept and how it crosses to the control plane: the thousands of small
 * objects of a flood would get old before they are flushed, and cost both threads four times as much to clone.
 */
export type AttemptBatchText = string;

/** What became of a batch that was taken. */
export interface FlushOutcome {
  /** Attempts of single records that could not be stored: counted as dropped. */
  readonly skippedAttempts: number;
}

/** What the recorder has counted since start; `attempts = itemised + aggregated + dropped`. */
export interface RecorderCounters {
  readonly attempts: number;
  readonly itemised: number;
  readonly aggregated: number;
  readonly dropped: number;
  /** Entries in the map now, their accounted bytes, and the bounds. */
  readonly entries: number;
  readonly entriesMax: number;
  readonly bytes: number;
  readonly bytesMax: number;
  readonly flushes: number;
  readonly lastFlushAt: number | null;
  readonly lastFlushError: string | null;
}
