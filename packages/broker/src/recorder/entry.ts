import { networkOf } from '@gatehouse/auth-core';
import type { AttemptDelta, AttemptSample, Evidence, Signature } from '@gatehouse/ports';
import { attemptBytes, entryBytes, sampleBytes, signatureBytes } from './accounting.ts';
import type { RecorderLimits } from './limits.ts';
import type { PlainAttempt } from './plain-attempt.ts';

type MutableSignature = { -readonly [K in keyof Signature]: Signature[K] };

/** What is coalesced under one key until its flush. */
export class Entry {
  readonly key: string;
  /** Grows with every entry and login: what came before what. */
  readonly sequence: number;
  attempts = 1;
  bytes: number;
  #last: PlainAttempt;
  readonly #firstAt: number;
  readonly #ips: string[];
  readonly #samples: AttemptSample[];
  readonly #signatures: MutableSignature[];

  constructor(key: string, sequence: number, first: PlainAttempt) {
    this.key = key;
    this.sequence = sequence;
    this.bytes = entryBytes(first);
    this.#last = first;
    this.#firstAt = first.at;
    this.#ips = [first.ip];
    this.#samples = [toSample(first)];
    this.#signatures = [toSignature(first)];
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
    const growth = attemptBytes(attempt) - attemptBytes(this.#last) + sampleBytes(toSample(attempt));
    if (growth > room) return;
    this.bytes += attemptBytes(attempt) - attemptBytes(this.#last);
    this.#last = attempt;
    this.#addIp(attempt.ip, limits);
    this.#addSample(attempt, limits);
    this.#addSignature(attempt, limits);
  }

  toDelta(evidence: Evidence): AttemptDelta {
    return {
      key: this.key,
      attempts: this.attempts,
      firstAt: this.#firstAt,
      last: this.#last,
      ips: this.#ips,
      samples: this.#samples,
      signatures: this.#signatures,
      evidence,
    };
  }

  #addIp(ip: string, limits: RecorderLimits): void {
    const at = this.#ips.indexOf(ip);
    if (at >= 0) this.#ips.splice(at, 1);
    this.#ips.unshift(ip);
    this.#ips.length = Math.min(this.#ips.length, limits.ipsMax);
  }

  #addSample(attempt: PlainAttempt, limits: RecorderLimits): void {
    const sample = toSample(attempt);
    this.#samples.push(sample);
    this.bytes += sampleBytes(sample);
    const oldest = this.#samples.length > limits.samplesMax ? this.#samples.shift() : undefined;
    if (oldest !== undefined) this.bytes -= sampleBytes(oldest);
  }

  #addSignature(attempt: PlainAttempt, limits: RecorderLimits): void {
    const fresh = toSignature(attempt);
    const known = this.#signatures.find((one) => isSame(one, fresh));
    if (known !== undefined) {
      known.attempts += 1;
      known.lastAt = attempt.at;
      return;
    }
    if (this.#signatures.length >= limits.signaturesMax) this.#dropSignature();
    this.#signatures.push(fresh);
    this.bytes += signatureBytes(fresh);
  }

  /**
   * Of the network that has most of them the rarest gives way, so that a stranger who varies what he sends never
   * hides the device that keeps trying from elsewhere.
   */
  #dropSignature(): void {
    const crowd = (one: Signature): number =>
      this.#signatures.filter(({ network }) => network === one.network).length;
    const [victim] = this.#signatures.toSorted(
      (a, b) => crowd(b) - crowd(a) || a.attempts - b.attempts || a.lastAt - b.lastAt,
    );
    if (victim === undefined) return;
    this.#signatures.splice(this.#signatures.indexOf(victim), 1);
    this.bytes -= signatureBytes(victim);
  }
}

const isSame = (a: Signature, b: Signature): boolean =>
  a.username === b.username && a.network === b.network && a.reason === b.reason && a.listener === b.listener;

function toSample(attempt: PlainAttempt): AttemptSample {
  const { ref, at, reason, ip, username, listener, connackCode, passwordProvided, tlsUsed, protocol } =
    attempt;
  return { ref, at, reason, ip, username, listener, connackCode, passwordProvided, tlsUsed, protocol };
}

const toSignature = (attempt: PlainAttempt): MutableSignature => ({
  username: attempt.username,
  network: networkOf(attempt.ip),
  reason: attempt.reason,
  listener: attempt.listener,
  attempts: 1,
  firstAt: attempt.at,
  lastAt: attempt.at,
  resolved: false,
});
