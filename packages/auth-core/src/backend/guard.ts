import type { Attempt } from '../attempt.ts';
import type { Authenticator, Clock, MaybePromise } from '../needs.ts';
import type { Verdict } from '../verdict.ts';
import { Breaker, type BreakerState } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';

export interface BackendGuardOptions {
  /** Clients that the backend is asked about at a time. */
  readonly concurrentMax: number;
  /** Clients that wait for it; more are told "busy". */
  readonly waitingMax: number;
  /** Milliseconds that one waits at most. */
  readonly waitMsMax: number;
  /** Errors in a row after which it is left alone; 0 never. */
  readonly breakerFailures: number;
  /** Milliseconds that it is left alone. */
  readonly breakerPauseMs: number;
  readonly clock: Clock;
}

/** What stands between clients and a backend. */
export interface BackendGuard {
  /** The authenticator with the guard before it; several may share one guard, as they share the backend. */
  readonly before: (authenticator: Authenticator) => Authenticator;
  readonly state: () => {
    readonly breaker: BreakerState;
    readonly running: number;
    readonly waiting: number;
  };
}

const BUSY: Verdict = { outcome: 'busy' };

/**
 * A bulkhead and a circuit breaker before a backend (auth.md §2): one that is slow or down delays nobody whom another
 * one admits. Who finds no place is busy, never refused.
 */
export function createBackendGuard(options: BackendGuardOptions): BackendGuard {
  const { clock, concurrentMax, waitingMax, waitMsMax } = options;
  const bulkhead = new Bulkhead({ concurrentMax, waitingMax, waitMsMax, clock });
  const breaker = new Breaker({ failures: options.breakerFailures, pauseMs: options.breakerPauseMs, clock });

  const ask = (authenticator: Authenticator, attempt: Attempt): MaybePromise<Verdict> => {
    // Asked again after a wait: the backend may have failed meanwhile.
    const refusal = breaker.refusal();
    if (refusal !== undefined) {
      bulkhead.leave();
      return refusal;
    }
    const told = (verdict: Verdict): Verdict => {
      breaker.told(verdict);
      bulkhead.leave();
      return verdict;
    };
    try {
      const answer = authenticator.check(attempt);
      if (!(answer instanceof Promise)) return told(answer);
      return answer.then(told, (error: unknown) => {
        told(THREW);
        throw error;
      });
    } catch (error) {
      told(THREW);
      throw error;
    }
  };

  return {
    before: (authenticator) => ({
      name: authenticator.name,
      type: authenticator.type,
      check: (attempt) => {
        const place = bulkhead.enter();
        if (place === 'full') return BUSY;
        if (place === 'entered') return ask(authenticator, attempt);
        return place.then((entered) => (entered === 'full' ? BUSY : ask(authenticator, attempt)));
      },
    }),
    state: () => ({ breaker: breaker.state, running: bulkhead.running, waiting: bulkhead.waiting }),
  };
}

/** An exception counts as an error; the chain says so of it (`askWithin`). */
const THREW: Verdict = { outcome: 'error', reason: 'AUTHENTICATOR_ERROR' };
