'use client';

import { useQueries } from '@tanstack/react-query';
import { api } from '@/lib/api';
import { useNow } from '@/lib/now';
import { patched, relaxations } from './active-filters';
import { NOW_STEP_MS, PATH, filterQuery, type RefusedPage } from './query';
import type { View, ViewPatch } from './view';

export interface Relaxation {
  readonly key: string;
  readonly patch: ViewPatch;
  readonly total: number;
  readonly exact: boolean;
}

/** Ways out that are tried, and shown. */
const TRIED_MAX = 8;
const SHOWN_MAX = 3;

/** What each filter hides: how many rows there would be without it, the most first; none that would not help. */
export function useRelaxations(view: View): readonly Relaxation[] {
  const now = useNow(NOW_STEP_MS);
  const tried = relaxations(view).slice(0, TRIED_MAX);
  const reads = useQueries({
    queries: tried.map(({ patch }) => {
      const query = { ...filterQuery(patched(view, patch), now), limit: 1 };
      return {
        queryKey: [`${PATH}/relaxed`, query],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          api.get<RefusedPage>(PATH, { query, signal }),
      };
    }),
  });
  return tried
    .flatMap((one, index) => {
      const page = reads[index]?.data;
      return page === undefined || page.total === 0
        ? []
        : [{ ...one, total: page.total, exact: page.totalIsExact }];
    })
    .sort((a, b) => b.total - a.total)
    .slice(0, SHOWN_MAX);
}
