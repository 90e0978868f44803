import type { Clock } from '../needs.ts';
import type { ReasonCode } from '../reasons/index.ts';
import type { Verdict } from '../verdict.ts';

/** When a backend is left alone. */
export interface BreakerOptions {
  /** Errors in a row that open the breaker; 0 never does. An answer that is of no use is none. */
  readonly failures: number;
  /** Milliseconds that it stays open; then one client tries the backend. */
  readonly pauseMs: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

export type BreakerState = 'closed' | 'open' | 'trying';

type ErrorVerdict = Extract<Verdict, { outcome: 'error' }>;

/**
 * The backend answered, and of use for this client the answer was not. Were it counted, who finds a name that it
 * stumbles over could keep everybody else from being asked about.
 */
const ANSWERED: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'HTTP_BAD_RESPONSE',
  'SOURCE_BAD_RESULT',
  'LDAP_BAD_RESULT',
]);

/** Spares a backend that failed several times in a row, and its clients the wait (auth.md §2). */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openedAt = 0;
  #state: BreakerState = 'closed';
  #last: ErrorVerdict | undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** The verdict for who may not ask now; undefined: ask, and tell {@link told} what came of it. */
  refusal(): Verdict | undefined {
    const { clock, pauseMs } = this.#options;
    if (this.#state === 'closed' || this.#last === undefined) return undefined;
    const leftMs = this.#openedAt + pauseMs - clock.monotonic();
    if (this.#state === 'open' && leftMs <= 0) {
      this.#state = 'trying';
      return undefined;
    }
    const { reason } = this.#last;
    const retryInMs = Math.max(0, Math.round(leftMs));
    return {
      outcome: 'error',
      reason,
      detail: {
        problem: 'the backend failed several times and is left alone',
        failures: this.#failures,
        retryInMs,
      },
    };
  }

  /** What the backend made of a client. To be busy says nothing about it. */
  told(verdict: Verdict): void {
    if (verdict.outcome === 'busy') {
      if (this.#state === 'trying') this.#state = 'open';
      return;
    }
    if (verdict.outcome !== 'error' || ANSWERED.has(verdict.reason)) {
      this.#failures = 0;
      this.#state = 'closed';
      return;
    }
    this.#failures += 1;
    this.#last = verdict;
    const { failures, clock } = this.#options;
    if (failures === 0 || this.#failures < failures) return;
    this.#state = 'open';
    this.#openedAt = clock.monotonic();
  }
}
