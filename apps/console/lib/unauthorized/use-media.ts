'use client';

import { useSyncExternalStore } from 'react';

/** Whether the window matches; null while rendering on the server, which cannot know. */
export function useMedia(query: string): boolean | null {
  return useSyncExternalStore<boolean | null>(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
    () => null,
  );
}

/**
 * Widths at which the page changes its shape. Below the first, filters beside the table would push the reason out of
 * sight; classes say it as `min-[1400px]`.
 */
export const WIDE = '(min-width: 1400px)';
export const TABLE = '(min-width: 768px)';
