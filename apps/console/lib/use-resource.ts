'use client';

import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { api } from './api';
import { keyOf, type Resource } from './resource';

interface ReadOptions {
  /** Milliseconds between reads; false: never by itself. */
  readonly refetchInterval?: number | false;
  readonly enabled?: boolean;
  /** Keep showing the rows of the query before while the next ones load. */
  readonly keepPrevious?: boolean;
}

/** Reads a resource and keeps it fresh. */
export function useResource<T>(target: Resource<T>, options: ReadOptions = {}): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: keyOf(target),
    queryFn: ({ signal }) => api.get<T>(target.path, { query: target.query, signal }),
    refetchInterval: options.refetchInterval ?? false,
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A write, after which everything under the given paths is read again. */
export function useWrite<Input, Output>(
  write: (input: Input) => Promise<Output>,
  stale: readonly string[],
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  return useMutation<Output, Error, Input>({
    mutationFn: write,
    onSuccess: () => Promise.all(stale.map((path) => client.invalidateQueries({ queryKey: [path] }))),
  });
}
