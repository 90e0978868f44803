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

/** Widths at which the page changes its shape. */
export const WIDE = '(min-width: 1280px)';
export const TABLE = '(min-width: 768px)';
