import type { Attempt } from './attempt.ts';
import type { Authenticator, Clock, ExchangeStep, MaybePromise } from './needs.ts';
import type { SafeDetail, Verdict } from './verdict.ts';

/**
 * Asks an authenticator; an exception or an answer later than `timeoutMs` becomes the verdict `error`. Never throws
 * or rejects, and stays synchronous when the authenticator does.
 */
export const askWithin = (
  clock: Clock,
  authenticator: Authenticator,
  attempt: Attempt,
  timeoutMs: number,
): MaybePromise<Verdict> => within(clock, timeoutMs, () => authenticator.check(attempt), asVerdict);

/** The same for a step of an exchange. */
export const askExchangeWithin = (
  clock: Clock,
  timeoutMs: number,
  ask: () => MaybePromise<ExchangeStep>,
): MaybePromise<ExchangeStep> => within(clock, timeoutMs, ask, asExchangeStep);

const asVerdict = (verdict: Verdict): Verdict => verdict;
const asExchangeStep = (verdict: Verdict): ExchangeStep => ({
  outcome: 'decided',
  verdict,
  data: undefined,
});

function within<T>(
  clock: Clock,
  timeoutMs: number,
  ask: () => MaybePromise<T>,
  failed: (verdict: Verdict) => T,
): MaybePromise<T> {
  try {
    const answer = ask();
    return answer instanceof Promise ? race(clock, answer, timeoutMs, failed) : answer;
  } catch (error) {
    return failed(thrown(error));
  }
}

/** The first of the answer and the timer; whichever comes second is dropped. */
function race<T>(
  clock: Clock,
  answer: Promise<T>,
  timeoutMs: number,
  failed: (verdict: Verdict) => T,
): Promise<T> {
  return new Promise((resolve) => {
    const cancel = clock.after(timeoutMs, () => {
      resolve(failed(failure({ problem: 'no answer in time', timeoutMs })));
    });
    answer.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        resolve(failed(thrown(error)));
      },
    );
  });
}

/** Only the error's class is kept: a driver's message may carry a connection string or a row. */
const thrown = (error: unknown): Verdict =>
  failure({ problem: 'exception', error: error instanceof Error ? error.constructor.name : typeof error });

const failure = (detail: SafeDetail): Verdict => ({
  outcome: 'error',
  reason: 'AUTHENTICATOR_ERROR',
  detail,
});
