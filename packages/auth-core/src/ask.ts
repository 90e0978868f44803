import type { Attempt } from './attempt.ts';
import type { Authenticator, Clock, MaybePromise } from './needs.ts';
import type { SafeDetail, Verdict } from './verdict.ts';

/**
 * Asks an authenticator; an exception or an answer later than `timeoutMs` becomes the verdict `error`. Never throws
 * or rejects, and stays synchronous when the authenticator does.
 */
export function askWithin(
  clock: Clock,
  authenticator: Authenticator,
  attempt: Attempt,
  timeoutMs: number,
): MaybePromise<Verdict> {
  try {
    const answer = authenticator.check(attempt);
    return answer instanceof Promise ? race(clock, answer, timeoutMs) : answer;
  } catch (error) {
    return thrown(error);
  }
}

/** The first of the answer and the timer; whichever comes second is dropped. */
function race(clock: Clock, answer: Promise<Verdict>, timeoutMs: number): Promise<Verdict> {
  return new Promise((resolve) => {
    const cancel = clock.after(timeoutMs, () => {
      resolve(failed({ problem: 'no answer in time', timeoutMs }));
    });
    answer.then(
      (verdict) => {
        cancel();
        resolve(verdict);
      },
      (error: unknown) => {
        cancel();
        resolve(thrown(error));
      },
    );
  });
}

/** Only the error's class is kept: a driver's message may carry a connection string or a row. */
const thrown = (error: unknown): Verdict =>
  failed({ problem: 'exception', error: error instanceof Error ? error.constructor.name : typeof error });

const failed = (detail: SafeDetail): Verdict => ({
  outcome: 'error',
  reason: 'AUTHENTICATOR_ERROR',
  detail,
});
