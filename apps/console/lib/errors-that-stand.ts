import type { Problem } from '@gatehouse/contract';
import { valueAt } from './leaves';

export type FieldErrors = readonly NonNullable<Problem['errors']>[number][];

/** What was found wrong with a body, written as JSON. */
export interface Found {
  readonly text: string;
  readonly errors: FieldErrors;
}

/** Whether a dotted path is another, or below it. */
export const isWithin = (path: string, above: string): boolean =>
  path === above || path.startsWith(`${above}.`);

/** Of what was found, what is about values that are still there: what is being written now is judged anew. */
export function errorsThatStand({ text, errors }: Found, now: string): FieldErrors {
  if (text === now || errors.length === 0) return errors;
  const then: unknown = JSON.parse(text);
  const today: unknown = JSON.parse(now);
  return errors.filter(({ path }) => valueAt(then, path) === valueAt(today, path));
}
