'use client';

import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { showToast } from '@/components/ui/toast';
import { problemOf } from './api';
import { useProblemTitle } from './use-problem-title';

interface ActionOptions<Input, Output> {
  /** Paths whose data the write has made old. */
  readonly stale: readonly string[];
  readonly onDone?: (output: Output, input: Input) => void;
  /** False: the form shows the problem itself. */
  readonly toastProblems?: boolean;
}

/** A button's write: refreshes what it made old, and says so when it fails. */
export function useAction<Input, Output>(
  write: (input: Input) => Promise<Output>,
  options: ActionOptions<Input, Output>,
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  const titleOf = useProblemTitle();
  return useMutation<Output, Error, Input>({
    mutationFn: write,
    onSuccess: async (output, input) => {
      options.onDone?.(output, input);
      await Promise.all(options.stale.map((path) => client.invalidateQueries({ queryKey: [path] })));
    },
    onError: (error) => {
      if (options.toastProblems === false) return;
      const problem = problemOf(error);
      const detail = problem.detail ?? problem.errors?.map((one) => `${one.path}: ${one.message}`).join('; ');
      showToast({ tone: 'bad', text: titleOf(problem), ...(detail === undefined ? {} : { detail }) });
    },
  });
}
