import type { Problem } from '@gatehouse/contract';
import { Notice } from './states';

/** Titles come without a full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What the API said against a form; nothing while there is no problem. */
export const ProblemNotice = ({ problem }: { readonly problem: Problem | null }) =>
  problem === null ? null : (
    <Notice tone="danger">
      <span role="alert">
        {sentence(problem.title)} {problem.detail !== undefined && sentence(problem.detail)}
      </span>
    </Notice>
  );
