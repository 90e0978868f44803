import type { Decision, ReasonCode } from '@gatehouse/auth-core';

const SAMPLES_MAX = 64;
/** Milliseconds below which a difference cannot be told apart over a network: no timer is worth it. */
const NOTICEABLE_MS = 1;

/** Refusals in which no secret was verified because nobody of that name is known. */
const UNKNOWN_USER: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'BASIC_NO_CREDENTIALS',
  'SOURCE_NO_RECORD',
  'LDAP_NO_ENTRY',
  'CHAIN_EXHAUSTED',
]);
const VERIFIED_IN_VAIN: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'BASIC_PASSWORD_MISMATCH',
  'SOURCE_PASSWORD_MISMATCH',
  'LDAP_PASSWORD_MISMATCH',
]);

/**
 * How long verifying a secret took lately. A refusal for an unknown user waits for one of these times, so that the
 * answer's delay does not tell which usernames exist (auth.md §5); it costs a timer, never a hash.
 */
export class VerificationTimes {
  readonly #delayMsMax: number;
  readonly #samplesMs: number[] = [];
  #next = 0;

  constructor(delayMsMax: number) {
    this.#delayMsMax = delayMsMax;
  }

  /** Remembers a decision for which a secret was verified. */
  observe(decision: Decision, ms: number): void {
    const verified =
      decision.outcome === 'deny'
        ? VERIFIED_IN_VAIN.has(decision.reason)
        : decision.outcome === 'allow' && !decision.grant.anonymous;
    if (!verified) return;
    this.#samplesMs[this.#next] = ms;
    this.#next = (this.#next + 1) % SAMPLES_MAX;
  }

  /** Milliseconds to wait before this refusal is answered; 0 for none. `draw` is in [0, 1). */
  delayFor(reason: ReasonCode, spentMs: number, draw: number): number {
    if (!UNKNOWN_USER.has(reason)) return 0;
    const sample = this.#samplesMs[Math.floor(draw * this.#samplesMs.length)] ?? 0;
    const delay = Math.min(sample, this.#delayMsMax) - spentMs;
    return delay < NOTICEABLE_MS ? 0 : delay;
  }
}
