'use client';

import type { WatchReadDto } from '@gatehouse/contract';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { api } from '@/lib/api';
import { lastSequence, withNewAttempts, type Watched } from './watched';
import { watchPath } from './watches';

const POLL_MS = 2_000;

/** One watch, attempt by attempt, for as long as it runs; each read asks only for what is new. */
export function useWatched(id: string): UseQueryResult<Watched> {
  const client = useQueryClient();
  const path = watchPath(id);
  const key = [path, 'attempts'] as const;
  return useQuery<Watched>({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const before = client.getQueryData<Watched>(key);
      const query = { after: lastSequence(before) };
      return withNewAttempts(before, await api.get<WatchReadDto>(path, { query, signal }));
    },
    refetchInterval: ({ state }) => (state.data?.watch.running === false ? false : POLL_MS),
  });
}
