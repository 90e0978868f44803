'use client';

import type { Problem } from '@gatehouse/contract';
import { useCallback } from 'react';
import { useText } from './i18n';

/** What a problem is called in the page's language, by its code; one without words here as the API says it. */
export function useProblemTitle(): (problem: Pick<Problem, 'code' | 'title'>) => string {
  const t = useText('problems');
  return useCallback(({ code, title }) => (t.has(code) ? t(code) : title), [t]);
}
