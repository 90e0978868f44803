'use client';

import { useSearchParams } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { unreadableKeys, viewParsers } from './parsers';
import { NO_FILTERS, type View, type ViewPatch } from './view';

export interface ViewControl {
  readonly view: View;
  /** Changes what is shown; goes to the first page. A step back in the browser undoes it. */
  readonly change: (patch: ViewPatch) => void;
  /** Opens a row, or closes it: the rows stay. `replace` while moving from row to row. */
  readonly open: (id: string | null, history?: 'push' | 'replace') => void;
  /** Another page of the same rows, whose range ends at `at`. Null: the first page. */
  readonly turn: (cursor: string | null, at: Date) => void;
  readonly clear: () => void;
  /** Keys of the address whose value could not be read. */
  readonly unreadable: readonly string[];
}

/** The one place that knows what is shown: the URL. */
export function useView(): ViewControl {
  const [view, set] = useQueryStates(viewParsers, { history: 'push' });
  const params = useSearchParams();
  const unreadable = useMemo(() => unreadableKeys(new URLSearchParams(params.toString())), [params]);
  return useMemo(() => {
    const change = (patch: ViewPatch): void => void set({ cursor: null, at: null, ...patch });
    return {
      view,
      change,
      open: (id, history = 'push') => void set({ open: id }, { history }),
      turn: (cursor, at) => void set(cursor === null ? { cursor: null, at: null } : { cursor, at }),
      clear: () => change(NO_FILTERS),
      unreadable,
    };
  }, [view, set, unreadable]);
}
