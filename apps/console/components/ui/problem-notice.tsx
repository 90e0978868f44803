'use client';

import type { Problem } from '@gatehouse/contract';
import { langOf } from '@/lib/told';
import { useProblemTitle } from '@/lib/use-problem-title';
import { Notice } from './states';

/** Titles come without a full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What the API said against a form; nothing while there is no problem. */
export function ProblemNotice({ problem }: { readonly problem: Problem | null }) {
  const titleOf = useProblemTitle();
  if (problem === null) return null;
  return (
    <Notice tone="danger">
      <span role="alert">
        {sentence(titleOf(problem))}{' '}
        {problem.detail !== undefined && (
          <span lang={langOf(problem.detail)}>{sentence(problem.detail)}</span>
        )}
      </span>
    </Notice>
  );
}
