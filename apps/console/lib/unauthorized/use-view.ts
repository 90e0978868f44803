'use client';

import { useSearchParams } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { unreadableKeys, viewParsers } from './parsers';
import { NO_FILTERS, type View, type ViewPatch } from './view';

/** The same as long as the view is: which row is open makes no difference to it. */
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

/** The one place that knows what is shown, and which row is open: the URL. */
export function useView(): { readonly control: ViewControl; readonly openId: string | null } {
  const [{ open: openId, ...shown }, set] = useQueryStates(viewParsers, { history: 'push' });
  const params = useSearchParams();
  const unreadable = useStable(unreadableKeys(new URLSearchParams(params.toString())));
  const view = useStable<View>(shown);
  const actions = useMemo((): Omit<ViewControl, 'view' | 'unreadable'> => {
    const change = (patch: ViewPatch): void => void set({ cursor: null, at: null, ...patch });
    return {
      change,
      open: (id, history = 'push') => void set({ open: id }, { history }),
      turn: (cursor, at) => void set(cursor === null ? { cursor: null, at: null } : { cursor, at }),
      clear: () => change(NO_FILTERS),
    };
  }, [set]);
  const control = useMemo(() => ({ ...actions, view, unreadable }), [actions, view, unreadable]);
  return { control, openId };
}

/** The value as it was first seen, as long as it says the same. */
const useStable = <T>(value: T): T => useMemo(() => value, [JSON.stringify(value)]);
