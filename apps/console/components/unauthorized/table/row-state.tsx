'use client';

import { createContext, use } from 'react';
import { NOTHING_SELECTED } from '@/lib/unauthorized/selection';
import type { RefusedModel } from '@/lib/unauthorized/use-model';

/** What changes row by row: those chosen, and the one that keys act upon. */
export type RowState = Pick<RefusedModel, 'selection' | 'active'>;

const ignore = (): void => undefined;
const NONE: RowState = {
  selection: {
    selection: NOTHING_SELECTED,
    toggle: ignore,
    setPage: ignore,
    selectAllMatching: ignore,
    clear: ignore,
  },
  active: null,
};

const RowStateContext = createContext<RowState>(NONE);

/** Past the table to its rows: neither its head nor its columns are drawn anew for a row that is chosen. */
export const RowStateProvider = RowStateContext.Provider;
export const useRowState = (): RowState => use(RowStateContext);
