'use client';

import type { Problem } from '@gatehouse/contract';
import { showToast } from '@/components/ui/toast';
import { problemOf } from './api';
import { useAction } from './use-action';

interface SaveOptions<Output> {
  /** Paths whose data the write has made old. */
  readonly stale: readonly string[];
  /** What is said once it is done; absent: nothing. */
  readonly done?: (output: Output) => string;
  readonly onDone?: (output: Output) => void;
}

/** The write of a form, and how the latest went. */
export interface Save<Output> {
  readonly problem: Problem | null;
  readonly busy: boolean;
  /** What it answered last; undefined: nothing. */
  readonly data: Output | undefined;
  readonly send: () => void;
  /** Forgets how the latest went. */
  readonly reset: () => void;
}

/** The write of a form that shows itself what is wrong with it. */
export function useSave<Output>(
  write: () => Promise<Output>,
  { stale, done, onDone }: SaveOptions<Output>,
): Save<Output> {
  const action = useAction(write, {
    stale,
    toastProblems: false,
    onDone: (output) => {
      if (done !== undefined) showToast({ tone: 'good', text: done(output) });
      onDone?.(output);
    },
  });
  const problem: Problem | null = action.error === null ? null : problemOf(action.error);
  return {
    problem,
    busy: action.isPending,
    data: action.data,
    send: () => action.mutate(undefined),
    reset: action.reset,
  };
}
