'use client';

import type { Problem } from '@gatehouse/contract';
import { useState } from 'react';
import { problemOf } from '@/lib/api';

export interface FormState {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** What the API said about one field. */
  readonly errorOf: (path: string) => string | undefined;
  readonly submit: (send: () => Promise<void>) => Promise<void>;
}

/** One form's sending: busy while it runs, the problem when it failed. Stays busy after success, since the page leaves. */
export function useForm(): FormState {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (send: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await send();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  return {
    busy,
    problem,
    submit,
    errorOf: (path) => problem?.errors?.find((one) => one.path === path)?.message,
  };
}

/** Text of a form's field. */
export const textOf = (data: FormData, name: string): string => {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
};
