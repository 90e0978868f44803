import { type Decision, type ReasonCode, REASONS } from '@gatehouse/auth-core';

type Family = (typeof REASONS)[ReasonCode]['family'];

const SAMPLES_MAX = 64;
/** Milliseconds below which a difference cannot be told apart over a network: no timer is worth it. */
const NOTICEABLE_MS = 1;

/**
 * Milliseconds from which a verification is real work of a slow hash. What answers sooner was remembered, throttled or
 * a light hash: as a sample it would teach refusals to come too soon.
 */
const SLOW_MS_MIN = 5;

/** Refusals from which could be told who exists, were they answered as soon as they are known. */
const TELLING_FAMILIES: ReadonlySet<Family> = new Set<Family>(['basic', 'source', 'ldap']);
const TELLING: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'CHAIN_EXHAUSTED',
  'CREDENTIAL_DISABLED',
  'CREDENTIAL_EXPIRED',
  'TOO_MANY_FAILURES',
]);

const isTelling = (reason: ReasonCode): boolean =>
  TELLING.has(reason) || TELLING_FAMILIES.has(REASONS[reason].family);

/**
 * How long verifying a secret took lately. Every refusal of a credential takes as long as one of these times, whatever
 * was really done for it, so that the answer's delay does not tell which usernames exist (auth.md §5); it costs a
 * timer, never a hash.
 */
export class VerificationTimes {
  readonly #delayMsMax: number;
  readonly #capped: () => void;
  readonly #samplesMs: number[] = [];
  #next = 0;

  /** @param capped told each time that a refusal is answered sooner than a verification takes, for `delayMsMax` */
  constructor(delayMsMax: number, capped: () => void) {
    this.#delayMsMax = delayMsMax;
    this.#capped = capped;
  }

  /** Remembers a decision for which a secret was verified. */
  observe(decision: Decision, ms: number): void {
    const verified =
      decision.outcome === 'deny'
        ? isTelling(decision.reason)
        : decision.outcome === 'allow' && !decision.grant.anonymous;
    if (!verified || ms < SLOW_MS_MIN) return;
    this.#samplesMs[this.#next] = ms;
    this.#next = (this.#next + 1) % SAMPLES_MAX;
  }

  /**
   * Milliseconds to wait before this refusal is answered; 0 for none. `draw` gives numbers in [0, 1). Who has done
   * the work waits for one drawn time if that is longer; who has not, for the longer of two: both are then
   * distributed alike.
   */
  delayFor(reason: ReasonCode, spentMs: number, draw: () => number): number {
    if (!isTelling(reason)) return 0;
    const drawnMs = this.#sample(draw());
    const aimMs = spentMs < SLOW_MS_MIN ? Math.max(drawnMs, this.#sample(draw())) : drawnMs;
    if (aimMs - spentMs >= NOTICEABLE_MS && aimMs > this.#delayMsMax) this.#capped();
    const delayMs = Math.min(aimMs, this.#delayMsMax) - spentMs;
    return delayMs < NOTICEABLE_MS ? 0 : delayMs;
  }

  #sample(share: number): number {
    return this.#samplesMs[Math.floor(share * this.#samplesMs.length)] ?? 0;
  }
}
