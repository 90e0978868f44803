'use client';

import type { StatsDto } from '@gatehouse/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { statsResource } from '@/lib/endpoints';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';

const REFRESH_MS = 5_000;
/** Without the top lists, which take ten times as long as the rest and which only the overview shows. */
const SHELL_STATS = statsResource({ top: 0 });

/** The numbers the frame of every page shows; one read for all of them, none in background tabs. */
export function useShellStats(): UseQueryResult<StatsDto> {
  return useResource(SHELL_STATS, { refetchInterval: REFRESH_MS, enabled: useMay('stats:read') });
}
