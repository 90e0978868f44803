'use client';

import { usePathname, useSearchParams } from 'next/navigation';

/** Whether the page is left open on a wall: the overview with `?wall=1`, without menu and bar. */
export function useWall(): boolean {
  const path = usePathname();
  const params = useSearchParams();
  return path === '/' && params.get('wall') === '1';
}
