import { fillReasonText, REASONS } from '@gatehouse/auth-core';
import type { UnauthorizedClientDetail } from '@gatehouse/ports';
import { causesOf } from './causes.ts';
import type { Circumstances } from './circumstances.ts';
import { type FixOption, fixesOf } from './fixes.ts';
import { reasonFacts } from './reason-facts.ts';
import { inference, type Statement } from './statement.ts';

export interface Explanation {
  readonly likelyCause: Statement[];
  readonly fixes: FixOption[];
}

/**
 * Why this client was refused, in the values of this very case, and what can be done about it. Pure: all it knows is
 * handed in. Where a case says nothing of its own, the catalogue's general cause speaks.
 */
export const explain = (row: UnauthorizedClientDetail, about: Circumstances, now: number): Explanation => {
  const { particular, common } = causesOf(row, about, now);
  const general =
    particular.length > 0
      ? []
      : [
          inference(
            'catalogue',
            { reason: row.reason },
            fillReasonText(REASONS[row.reason].cause, reasonFacts(row)),
          ),
        ];
  return { likelyCause: [...particular, ...general, ...common], fixes: fixesOf(row, about, now) };
};
