import { networkOf } from '@gatehouse/auth-core';
import type { AttemptDelta, AttemptSample, Evidence, Signature } from '@gatehouse/ports';
import { attemptBytes, entryBytes, HISTORY_BYTES, sampleBytes, signatureBytes } from './accounting.ts';
import type { RecorderLimits } from './limits.ts';
import type { PlainAttempt } from './plain-attempt.ts';

type MutableSignature = { -readonly [K in keyof Signature]: Signature[K] };

/** What repeated attempts leave; a single one, as in a flood of made-up IDs, is told by itself. */
interface History {
  readonly ips: string[];
  readonly samples: AttemptSample[];
  readonly signatures: MutableSignature[];
}

/** What is coalesced under one key until its flush. */
export class Entry {
  readonly key: string;
  /** Grows with every entry and login: what came before what. */
  readonly sequence: number;
  attempts = 1;
  bytes: number;
  readonly #firstAt: number;
  #last: PlainAttempt;
  #history: History | undefined;

  constructor(key: string, sequence: number, first: PlainAttempt) {
    this.key = key;
    this.sequence = sequence;
    this.bytes = entryBytes(first);
    this.#firstAt = first.at;
    this.#last = first;
  }

  get last(): PlainAttempt {
    return this.#last;
  }

  /**
   * Takes in another attempt. What it adds beyond the count is left out when `room` bytes do not hold it; the count
   * is always right.
   */
  add(attempt: PlainAttempt, room: number, limits: RecorderLimits): void {
    this.attempts += 1;
    if (growthAtMost(attempt, this.#last, this.#history) > room) return;
    const history = (this.#history ??= this.#beginHistory());
    this.bytes += attemptBytes(attempt) - attemptBytes(this.#last);
    this.#last = attempt;
    addIp(history.ips, attempt.ip, limits.ipsMax);
    this.bytes += addSample(history.samples, attempt, limits.samplesMax);
    this.bytes += addSignature(history.signatures, attempt, limits.signaturesMax);
  }

  toDelta(evidence: Evidence): AttemptDelta {
    const { ips, samples, signatures } = this.#history ?? historyOf(this.#last);
    const { key, attempts } = this;
    return { key, attempts, firstAt: this.#firstAt, last: this.#last, ips, samples, signatures, evidence };
  }

  #beginHistory(): History {
    this.bytes += historyBytes(this.#last);
    return historyOf(this.#last);
  }
}

const historyOf = (only: PlainAttempt): History => ({
  ips: [only.ip],
  samples: [toSample(only)],
  signatures: [toSignature(only)],
});

const historyBytes = (only: PlainAttempt): number =>
  HISTORY_BYTES + sampleBytes(toSample(only)) + signatureBytes(toSignature(only));

const growthAtMost = (next: PlainAttempt, last: PlainAttempt, history: History | undefined): number =>
  attemptBytes(next) -
  attemptBytes(last) +
  sampleBytes(toSample(next)) +
  signatureBytes(toSignature(next)) +
  (history === undefined ? historyBytes(last) : 0);

/** Newest first. */
function addIp(ips: string[], ip: string, max: number): void {
  const at = ips.indexOf(ip);
  if (at >= 0) ips.splice(at, 1);
  ips.unshift(ip);
  ips.length = Math.min(ips.length, max);
}

/** Newest last; returns the bytes that this adds. */
function addSample(samples: AttemptSample[], attempt: PlainAttempt, max: number): number {
  const sample = toSample(attempt);
  samples.push(sample);
  const oldest = samples.length > max ? samples.shift() : undefined;
  return sampleBytes(sample) - (oldest === undefined ? 0 : sampleBytes(oldest));
}

/** Counts the attempt under its signature; returns the bytes that this adds. */
function addSignature(signatures: MutableSignature[], attempt: PlainAttempt, max: number): number {
  const fresh = toSignature(attempt);
  const known = signatures.find((one) => isSame(one, fresh));
  if (known !== undefined) {
    known.attempts += 1;
    known.lastAt = attempt.at;
    return 0;
  }
  const dropped = signatures.length >= max ? dropSignature(signatures) : undefined;
  signatures.push(fresh);
  return signatureBytes(fresh) - (dropped === undefined ? 0 : signatureBytes(dropped));
}

/**
 * Of the network that has most of them the rarest gives way, so that a stranger who varies what he sends never hides
 * the device that keeps trying from elsewhere.
 */
function dropSignature(signatures: MutableSignature[]): Signature | undefined {
  const crowd = (one: Signature): number =>
    signatures.filter(({ network }) => network === one.network).length;
  const [victim] = signatures.toSorted(
    (a, b) => crowd(b) - crowd(a) || a.attempts - b.attempts || a.lastAt - b.lastAt,
  );
  if (victim !== undefined) signatures.splice(signatures.indexOf(victim), 1);
  return victim;
}

const isSame = (a: Signature, b: Signature): boolean =>
  a.username === b.username &&
  a.network === b.network &&
  a.reason === b.reason &&
  a.listener === b.listener &&
  a.fingerprint === b.fingerprint &&
  a.pskIdentity === b.pskIdentity;

function toSample(attempt: PlainAttempt): AttemptSample {
  const {
    ref,
    at,
    reason,
    ip,
    username,
    listener,
    connackCode,
    passwordProvided,
    tlsUsed,
    protocol,
    untold,
  } = attempt;
  const sample = {
    ref,
    at,
    reason,
    ip,
    username,
    listener,
    connackCode,
    passwordProvided,
    tlsUsed,
    protocol,
  };
  return untold === undefined ? sample : { ...sample, untold };
}

const toSignature = (attempt: PlainAttempt): MutableSignature => ({
  username: attempt.username,
  network: networkOf(attempt.ip),
  reason: attempt.reason,
  listener: attempt.listener,
  ...(attempt.certificate === null
    ? {}
    : { fingerprint: attempt.certificate.fingerprint, commonName: attempt.certificate.commonName }),
  ...(attempt.pskIdentity === null ? {} : { pskIdentity: attempt.pskIdentity }),
  attempts: 1,
  firstAt: attempt.at,
  lastAt: attempt.at,
  resolved: false,
});
