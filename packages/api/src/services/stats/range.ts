import { msOf } from '../../present/time.ts';
import { invalidField } from '../../problem.ts';

const DAY_MS = 86_400_000;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The range asked for, its end not included; by default the last 24 hours with the very moment. */
export const rangeOf = (
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): Range => {
  const to = query.to === undefined ? now + 1 : msOf(query.to);
  const from = query.from === undefined ? to - DAY_MS : msOf(query.from);
  if (from >= to) throw invalidField('from', 'is not before `to`');
  return { from, to };
};
