import type { Problem } from '@gatehouse/contract';
import { Notice } from './states';

/** What the API said against a form; nothing while there is no problem. */
export const ProblemNotice = ({ problem }: { readonly problem: Problem | null }) =>
  problem === null ? null : (
    <Notice tone="danger">
      <span role="alert">
        {problem.title} {problem.detail}
      </span>
    </Notice>
  );
