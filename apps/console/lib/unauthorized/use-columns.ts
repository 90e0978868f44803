'use client';

import { useMemo } from 'react';
import { usePref } from '@/lib/use-pref';
import { DEFAULT_COLUMNS, parseColumnPrefs, type ColumnPrefs } from './columns';

export interface ColumnControl {
  readonly prefs: ColumnPrefs;
  readonly change: (patch: Partial<ColumnPrefs>) => void;
  readonly reset: () => void;
}

/** This person's columns in this browser. */
export function useColumns(): ColumnControl {
  const [text, set] = usePref('unauthorized.columns', '');
  const prefs = useMemo(() => parseColumnPrefs(text), [text]);
  return useMemo(
    () => ({
      prefs,
      change: (patch) => set(JSON.stringify({ ...prefs, ...patch })),
      reset: () => set(JSON.stringify(DEFAULT_COLUMNS)),
    }),
    [prefs, set],
  );
}
