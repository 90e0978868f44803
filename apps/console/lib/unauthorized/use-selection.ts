'use client';

import { useMemo, useState } from 'react';
import { NOTHING_SELECTED, between, isSelected, withRows, type Selection } from './selection';

export interface SelectionControl {
  readonly selection: Selection;
  /** `range`: all from the row touched before. */
  readonly toggle: (id: string, range?: boolean) => void;
  readonly setPage: (selected: boolean) => void;
  readonly selectAllMatching: () => void;
  readonly clear: () => void;
}

/** The chosen rows. `scope` is the filter: another filter starts with none. */
export function useSelection(order: readonly string[], scope: string): SelectionControl {
  const [held, setHeld] = useState({ scope, selection: NOTHING_SELECTED });
  const [anchor, setAnchor] = useState<string | null>(null);
  const selection = held.scope === scope ? held.selection : NOTHING_SELECTED;
  return useMemo(() => {
    const set = (next: Selection): void => setHeld({ scope, selection: next });
    return {
      selection,
      toggle: (id, range = false) => {
        const selected = !isSelected(selection, id);
        set(withRows(selection, range ? between(order, anchor, id) : [id], selected));
        setAnchor(id);
      },
      setPage: (selected) => set(withRows(selection, order, selected)),
      selectAllMatching: () => set({ mode: 'all', except: new Set() }),
      clear: () => set(NOTHING_SELECTED),
    };
  }, [selection, order, scope, anchor]);
}
