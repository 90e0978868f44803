import { readBlockValue } from '@gatehouse/auth-core';
import type { blockTarget } from '@gatehouse/contract';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { invalidField } from '../../problem.ts';

type Target = z.output<typeof blockTarget>;

/** The target in the one form that its kind has, or a problem of `value`. */
export const readTarget = (ctx: Context, { kind, value }: Target): Target => {
  const read = readBlockValue(kind, value, ctx.house.patterns);
  if ('problem' in read) throw invalidField('value', read.problem);
  return { kind, value: read.value };
};
