import type { BackendFault } from '@gatehouse/auth-core';

/** The code by which a driver or the system names a failure; messages may carry rows, names and addresses. */
export function errorCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown failure';
  const { code, codeName, name, errors } = error as {
    readonly code?: unknown;
    readonly codeName?: unknown;
    readonly name?: unknown;
    readonly errors?: unknown;
  };
  if (typeof codeName === 'string' && codeName !== '') return codeName;
  if (typeof code === 'string' && code !== '') return code;
  // One failure per address that a name has: the first says enough.
  if (Array.isArray(errors) && errors.length > 0) return errorCodeOf(errors[0]);
  return typeof name === 'string' ? name : 'unknown failure';
}

/** A backend to which no connection could be made, or on which it broke. */
export const unreachable = (error: unknown): BackendFault => ({
  result: 'unreachable',
  problem: errorCodeOf(error),
});

/** An answer that cannot be used, in words that carry no value. */
export const badResult = (what: string, columns: readonly string[] = []): BackendFault => ({
  result: 'bad-result',
  what,
  columns,
});

/** The outcome of a probe's question. */
export const faultText = (fault: BackendFault): string => {
  switch (fault.result) {
    case 'bad-result':
      return fault.what;
    case 'timeout':
      return `no answer within ${fault.ms} ms`;
    case 'unreachable':
      return fault.problem;
  }
};
