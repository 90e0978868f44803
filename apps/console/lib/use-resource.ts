'use client';

import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api } from './api';
import { keyOf, type Resource } from './resource';

interface ReadOptions {
  /** Milliseconds between reads; false: never by itself. */
  readonly refetchInterval?: number | false;
  readonly enabled?: boolean;
  /** Keep showing the rows of the query before while the next ones load. */
  readonly keepPrevious?: boolean;
  /** Forgotten as soon as nobody shows it: what is shown has just been read. */
  readonly fresh?: boolean;
}

/** Reads a resource and keeps it fresh. */
export function useResource<T>(target: Resource<T>, options: ReadOptions = {}): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: keyOf(target),
    queryFn: ({ signal }) => api.get<T>(target.path, { query: target.query, signal }),
    refetchInterval: options.refetchInterval ?? false,
    enabled: options.enabled ?? true,
    ...(options.fresh === true ? { staleTime: 0, gcTime: 0 } : {}),
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
}
