'use client';

import { useCallback, useSyncExternalStore } from 'react';

const PREFIX = 'gatehouse:';

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener);
  window.addEventListener('gatehouse:pref', listener);
  return () => {
    window.removeEventListener('storage', listener);
    window.removeEventListener('gatehouse:pref', listener);
  };
}

/** A choice of this person in this browser (column widths, density, shortcuts). Text in, text out. */
export function usePref(name: string, fallback: string): readonly [string, (value: string) => void] {
  const key = PREFIX + name;
  const value = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(key) ?? fallback,
    () => fallback,
  );
  const set = useCallback(
    (next: string): void => {
      localStorage.setItem(key, next);
      window.dispatchEvent(new Event('gatehouse:pref'));
    },
    [key],
  );
  return [value, set];
}
