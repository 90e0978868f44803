import type { MaybePromise } from './needs.ts';

/** `then` that stays synchronous for a value that is already there. */
export const andThen = <T, R>(value: MaybePromise<T>, use: (value: T) => MaybePromise<R>): MaybePromise<R> =>
  value instanceof Promise ? value.then(use) : use(value);
