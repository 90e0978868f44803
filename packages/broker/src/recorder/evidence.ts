import { hash, randomBytes } from 'node:crypto';
import type { Evidence, MismatchHint } from '@gatehouse/ports';
import { EVIDENCE_BYTES } from './accounting.ts';
import type { RecorderLimits } from './limits.ts';
import { Lru } from './lru.ts';

/** What is remembered of the attempts under one key; holds no secret. */
interface KeyEvidence {
  /** Beginnings of keyed digests; the key dies with the process. */
  readonly secrets: number[];
  secretsCapped: boolean;
  /** Milliseconds since the epoch, oldest first. */
  readonly times: number[];
  hints: readonly MismatchHint[];
}

/** A whole block of SHA-256. */
const KEY_BYTES = 64;
const DIGEST_PREFIX_BYTES = 6;
const ATTEMPTS_FOR_INTERVAL = 3;

/** Evidence by key in a bounded memory that outlives the flushes (auth.md §10). */
export class EvidenceBook {
  readonly #digestKey = randomBytes(KEY_BYTES);
  readonly #keys: Lru<string, KeyEvidence>;
  readonly #limits: RecorderLimits;

  constructor(limits: RecorderLimits) {
    this.#limits = limits;
    this.#keys = new Lru(limits.evidenceKeysMax, () => undefined);
  }

  get bytes(): number {
    return this.#keys.size * EVIDENCE_BYTES;
  }

  /** Takes in an attempt; true when its secret is one that was not seen under this key before. */
  add(key: string, at: number, secret: Uint8Array | undefined): boolean {
    const known = this.#keys.get(key) ?? this.#begin(key);
    known.times.push(at);
    if (known.times.length > this.#limits.timesMax) known.times.shift();
    if (secret === undefined) return false;

    const digest = this.#digestOf(secret);
    if (known.secrets.includes(digest)) return false;
    if (known.secrets.length >= this.#limits.distinctSecretsMax) {
      known.secretsCapped = true;
      return false;
    }
    known.secrets.push(digest);
    return true;
  }

  /** Adds what an inspection found, unless the key has been forgotten meanwhile. */
  addHints(key: string, hints: readonly MismatchHint[]): void {
    const known = this.#keys.get(key);
    if (known !== undefined) known.hints = [...new Set([...known.hints, ...hints])];
  }

  of(key: string): Omit<Evidence, 'lastGoodLogin'> {
    const known = this.#keys.get(key);
    return {
      distinctSecrets: known?.secrets.length ?? 0,
      distinctSecretsCapped: known?.secretsCapped ?? false,
      mismatchHints: known?.hints ?? [],
      interval: intervalOf(known?.times ?? []),
    };
  }

  /** One call into OpenSSL, where an HMAC object costs five times as much; the digest never leaves this class. */
  #digestOf(secret: Uint8Array): number {
    return hash('sha256', Buffer.concat([this.#digestKey, secret]), 'buffer').readUIntBE(
      0,
      DIGEST_PREFIX_BYTES,
    );
  }

  #begin(key: string): KeyEvidence {
    const fresh: KeyEvidence = { secrets: [], secretsCapped: false, times: [], hints: [] };
    this.#keys.set(key, fresh);
    return fresh;
  }
}

/**
 * Median gap in seconds, and how regular the gaps are: 1 when all are alike (a retry loop), towards 0 the further
 * they lie from the median (a person). Null below three attempts, and when they came in one burst.
 */
export function intervalOf(times: readonly number[]): Evidence['interval'] {
  if (times.length < ATTEMPTS_FOR_INTERVAL) return null;
  const gaps = times.slice(1).map((at, i) => Math.max(0, at - (times[i] ?? at)));
  const medianMs = median(gaps);
  if (medianMs === 0) return null;
  const spreadMs = median(gaps.map((gap) => Math.abs(gap - medianMs)));
  return { medianSeconds: medianMs / 1_000, regularity: Math.max(0, 1 - spreadMs / medianMs) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
