import { sampleOf, signatureOf } from '@gatehouse/auth-core';
import type { AttemptSample, Evidence, LastGoodLogin, Signature } from '@gatehouse/ports';
import { entryBytes, HISTORY_BYTES, sampleBytes, signatureBytes, textBytes } from './accounting.ts';
import type { RecorderLimits } from './limits.ts';
import type { PlainAttempt, WrittenAttempt } from './plain-attempt.ts';

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
  /** JSON of a `PlainAttempt`: thousands wait in a flood, and one text costs the collector less than its dozens of objects. */
  #last: string;
  #lastGoodLogin: LastGoodLogin | null;
  #history: History | undefined;

  constructor(key: string, sequence: number, { plain, text }: WrittenAttempt, login: LastGoodLogin | null) {
    this.key = key;
    this.sequence = sequence;
    this.bytes = entryBytes(text);
    this.#firstAt = plain.at;
    this.#last = text;
    this.#lastGoodLogin = login;
  }

  /**
   * Takes in another attempt. What it adds beyond the count is left out when `room` bytes do not hold it; the count
   * is always right.
   */
  add(attempt: WrittenAttempt, login: LastGoodLogin | null, room: number, limits: RecorderLimits): void {
    this.attempts += 1;
    const { plain, text } = attempt;
    const first = this.#history === undefined ? (JSON.parse(this.#last) as PlainAttempt) : undefined;
    const longer = textBytes(text) - textBytes(this.#last);
    if (longer + historyGrowthMax(plain, first) > room) return;
    const history = (this.#history ??= historyOf(first ?? plain));
    this.bytes += longer + (first === undefined ? 0 : historyBytes(first));
    this.#last = text;
    this.#lastGoodLogin = login;
    addIp(history.ips, plain.ip, limits.ipsMax);
    this.bytes += addSample(history.samples, plain, limits.samplesMax);
    this.bytes += addSignature(history.signatures, plain, limits.signaturesMax);
  }

  /** JSON of an `AttemptDelta`. */
  toDeltaText(evidence: Omit<Evidence, 'lastGoodLogin'>): string {
    const rest = {
      key: this.key,
      attempts: this.attempts,
      firstAt: this.#firstAt,
      evidence: { ...evidence, lastGoodLogin: this.#lastGoodLogin },
      history: this.#history,
    };
    return `{"last":${this.#last},${JSON.stringify(rest).slice(1)}`;
  }
}

const historyOf = (first: PlainAttempt): History => ({
  ips: [first.ip],
  samples: [sampleOf(first)],
  signatures: [signatureOf(first)],
});

const historyBytes = (first: PlainAttempt): number =>
  HISTORY_BYTES + sampleBytes(sampleOf(first)) + signatureBytes(signatureOf(first));

/** What another attempt adds to the history at most; `first` is the one that begins it. */
const historyGrowthMax = (next: PlainAttempt, first: PlainAttempt | undefined): number =>
  sampleBytes(sampleOf(next)) +
  signatureBytes(signatureOf(next)) +
  (first === undefined ? 0 : historyBytes(first));

/** Newest first. */
function addIp(ips: string[], ip: string, max: number): void {
  const at = ips.indexOf(ip);
  if (at >= 0) ips.splice(at, 1);
  ips.unshift(ip);
  ips.length = Math.min(ips.length, max);
}

/** Newest last; returns the bytes that this adds. */
function addSample(samples: AttemptSample[], attempt: PlainAttempt, max: number): number {
  const sample = sampleOf(attempt);
  samples.push(sample);
  const oldest = samples.length > max ? samples.shift() : undefined;
  return sampleBytes(sample) - (oldest === undefined ? 0 : sampleBytes(oldest));
}

/** Counts the attempt under its signature; returns the bytes that this adds. */
function addSignature(signatures: MutableSignature[], attempt: PlainAttempt, max: number): number {
  const fresh = signatureOf(attempt);
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
