import type { Clock } from '@gatehouse/auth-core';
import { ProblemError } from '../problem.ts';
import { hashToken } from './tokens.ts';

/** Bounds of the answers kept for retries. */
export const IDEMPOTENCY = { keptMs: 600_000, entriesMax: 1_000, keyCharsMax: 255 } as const;

interface Kept {
  readonly bodyHash: string;
  readonly at: number;
  readonly answer: Promise<unknown>;
}

/**
 * Answers kept by `Idempotency-Key` and caller, in memory: a retry within ten minutes gets the first answer again and
 * does nothing twice, also while the first is still running. A restart forgets them.
 */
export class IdempotencyCache {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work`, or gives what it gave before. A key used with another body is a conflict; failures are not kept. */
  async once<T>(callerId: string, key: string, body: unknown, work: () => Promise<T>): Promise<T> {
    const now = this.#clock.now();
    this.#forget(now);
    const id = hashToken(`${callerId}\n${key}`);
    const bodyHash = hashToken(JSON.stringify(body));
    const kept = this.#kept.get(id);
    if (kept !== undefined) {
      if (kept.bodyHash !== bodyHash) {
        throw new ProblemError('conflict', { detail: 'This Idempotency-Key was used with another body.' });
      }
      // The cache is keyed by caller and operation's body: what is kept under it was made by the same `work`.
      return (await kept.answer) as T;
    }
    const answer = work();
    this.#kept.set(id, { bodyHash, at: now, answer });
    try {
      return await answer;
    } catch (error) {
      this.#kept.delete(id);
      throw error;
    }
  }

  #forget(now: number): void {
    for (const [id, kept] of this.#kept) {
      if (now - kept.at <= IDEMPOTENCY.keptMs && this.#kept.size < IDEMPOTENCY.entriesMax) return;
      this.#kept.delete(id);
    }
  }
}
