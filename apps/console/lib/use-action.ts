'use client';

import {
  type MutateOptions,
  useMutation,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { showToast } from '@/components/ui/toast';
import { problemOf } from './api';
import { useProblemTitle } from './use-problem-title';

interface ActionOptions<Input, Output> {
  /** Paths whose data the write has made old; one that ends in `*` stands for all that begin so. */
  readonly stale: readonly string[];
  readonly onDone?: (output: Output, input: Input) => void;
  /** False: the form shows the problem itself. */
  readonly toastProblems?: boolean;
}

type WithMutate<Result, Mutate> = Result extends unknown
  ? Omit<Result, 'mutate'> & { readonly mutate: Mutate }
  : never;

/** A write that can be asked for, and how the latest went. */
export type Action<Input, Output> = WithMutate<
  UseMutationResult<Output, Error, Input>,
  (input: Input, callbacks?: MutateOptions<Output, Error, Input>) => void
>;

/** Whether what was read is of one of these paths, written as for `stale`. */
export const isOf =
  (paths: readonly string[]) =>
  ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
    paths.some((path) =>
      path.endsWith('*') ? String(queryKey[0]).startsWith(path.slice(0, -1)) : queryKey[0] === path,
    );

/** Writes of the same are the same: what a double click asks for. */
const keyOf = (input: unknown): string => (input === undefined ? '' : JSON.stringify(input));

/**
 * A button's write: refreshes what it made old, and says so when it fails. While it is under way it is not begun again
 * with the same input: two clicks may both come before the page shows that the first was heard.
 */
export function useAction<Input, Output>(
  write: (input: Input) => Promise<Output>,
  options: ActionOptions<Input, Output>,
): Action<Input, Output> {
  const client = useQueryClient();
  const titleOf = useProblemTitle();
  const running = useRef(new Set<string>());
  const action = useMutation<Output, Error, Input>({
    mutationFn: write,
    onSettled: (_output, _error, input) => void running.current.delete(keyOf(input)),
    onSuccess: async (output, input) => {
      options.onDone?.(output, input);
      await client.invalidateQueries({ predicate: isOf(options.stale) });
    },
    onError: (error) => {
      if (options.toastProblems === false) return;
      const problem = problemOf(error);
      const detail = problem.detail ?? problem.errors?.map((one) => `${one.path}: ${one.message}`).join('; ');
      showToast({ tone: 'bad', text: titleOf(problem), ...(detail === undefined ? {} : { detail }) });
    },
  });
  const begin = action.mutate;
  // The same function as long as the component lives, as of the library: effects name it.
  const mutate: Action<Input, Output>['mutate'] = useCallback(
    (input, callbacks = {}) => {
      const key = keyOf(input);
      if (running.current.has(key)) return;
      running.current.add(key);
      begin(input, callbacks);
    },
    [begin],
  );
  return { ...action, mutate };
}
