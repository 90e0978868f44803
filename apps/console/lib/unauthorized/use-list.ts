'use client';

import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, ApiError } from '@/lib/api';
import { useNow } from '@/lib/now';
import { keyOf } from '@/lib/resource';
import { useResource } from '@/lib/use-resource';
import { NOW_STEP_MS, facetsResource, histogramResource, listResource, type RefusedPage } from './query';
import type { View } from './view';

/** Refreshes although nothing was heard: the stream may be off. */
const REFRESH_MS = 30_000;

/** The page's rows. The rows before stay while others load; a cursor that no longer fits starts from the front. */
export function useList(view: View): UseQueryResult<RefusedPage> {
  const now = useNow(NOW_STEP_MS);
  const target = listResource(view, now);
  return useQuery<RefusedPage>({
    queryKey: keyOf(target),
    queryFn: async ({ signal }) => {
      try {
        return await api.get<RefusedPage>(target.path, { query: target.query, signal });
      } catch (error) {
        if (!(error instanceof ApiError) || error.problem.code !== 'invalid-cursor') throw error;
        return api.get<RefusedPage>(target.path, { query: { ...target.query, cursor: null }, signal });
      }
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}

export const useFacets = (view: View) =>
  useResource(facetsResource(view, useNow(NOW_STEP_MS)), {
    keepPrevious: true,
    refetchInterval: REFRESH_MS,
  });

export const useHistogram = (view: View) =>
  useResource(histogramResource(view, useNow(NOW_STEP_MS)), {
    keepPrevious: true,
    refetchInterval: REFRESH_MS,
  });
