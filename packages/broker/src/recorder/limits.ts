/** Every bound of the recorder, each with its unit in its name. `RECORDER_LIMITS` holds the defaults. */
export interface RecorderLimits {
  /** Coalesced rows waiting or being flushed. */
  readonly entriesMax: number;
  /** Accounted bytes of everything the recorder holds. */
  readonly bytesMax: number;
  /** Of these, bytes that rows never take, so that a flood leaves room for good logins and for aggregates. */
  readonly reservedBytes: number;
  /** Milliseconds between the first waiting attempt and its flush. */
  readonly flushIntervalMs: number;
  /** Rows, aggregates and logins of one batch, each. */
  readonly batchMax: number;
  /** Milliseconds before a failed batch is tried again: doubled from `flushIntervalMs` up to this. */
  readonly retryMsMax: number;
  /** Tries of one batch, after which its attempts count as dropped. */
  readonly triesMax: number;
  /** Buckets of (network, reason) for what is not itemised. */
  readonly aggregatesMax: number;
  /** Good logins waiting to be flushed. */
  readonly loginsPendingMax: number;
  /** Good logins remembered for comparison, by client ID and by username each. */
  readonly loginsKnownMax: number;
  /** Keys whose evidence is remembered between flushes. */
  readonly evidenceKeysMax: number;
  readonly clientIdBytesMax: number;
  /** Username, PSK identity and every text of detail and trace. */
  readonly textBytesMax: number;
  readonly traceStepsMax: number;
  readonly ipsMax: number;
  readonly samplesMax: number;
  readonly signaturesMax: number;
  /** Secrets that are told apart under one key. */
  readonly distinctSecretsMax: number;
  /** Attempts whose times are remembered for their regularity. */
  readonly timesMax: number;
  /** Keys with hints that were found after their row was flushed, waiting for the next flush. */
  readonly lateHintsMax: number;
  /** Mismatches waiting to be inspected; their secrets are held in memory until then. */
  readonly inspectionsMax: number;
}

export const RECORDER_LIMITS: RecorderLimits = {
  entriesMax: 50_000,
  bytesMax: 33_554_432,
  reservedBytes: 4_194_304,
  flushIntervalMs: 250,
  batchMax: 512,
  retryMsMax: 5_000,
  triesMax: 100,
  aggregatesMax: 4_096,
  loginsPendingMax: 50_000,
  loginsKnownMax: 10_000,
  evidenceKeysMax: 10_000,
  clientIdBytesMax: 1_024,
  textBytesMax: 1_024,
  traceStepsMax: 32,
  ipsMax: 8,
  samplesMax: 8,
  signaturesMax: 16,
  distinctSecretsMax: 8,
  timesMax: 16,
  lateHintsMax: 1_000,
  inspectionsMax: 64,
};
