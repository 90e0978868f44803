/** What stands for an answer that did not come in time. */
export const TOO_LATE = Symbol('too late');

/**
 * The answer, or `TOO_LATE` after `ms` milliseconds; what comes later is handed to `late`, so that a connection that
 * was waited for in vain is given back. Rejects as the work does, if it does so in time.
 */
export function within<T>(
  work: Promise<T>,
  ms: number,
  late: (value: T) => void = () => undefined,
): Promise<T | typeof TOO_LATE> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      resolve(TOO_LATE);
    }, ms);
    work.then(
      (value) => {
        clearTimeout(timer);
        if (isOver) late(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // Too late for anybody to hear of it.
        if (!isOver) reject(error instanceof Error ? error : new Error(typeof error));
      },
    );
  });
}
