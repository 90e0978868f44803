import type { Problem } from '@gatehouse/contract';
import type { api } from './api';
import { UNREACHABLE } from './unreachable';

/**
 * A call of the pages before the sign-in: what makes it is loaded when it is made, for these pages are to be there at once.
 * Whatever comes of it comes back, and nothing is thrown.
 */
export async function callLazily<T>(
  call: (verbs: typeof api) => Promise<T>,
): Promise<{ readonly answer: T } | { readonly problem: Problem }> {
  const library = await import('./api').catch(() => null);
  if (library === null) return { problem: UNREACHABLE };
  try {
    return { answer: await call(library.api) };
  } catch (error) {
    return { problem: library.problemOf(error) };
  }
}
