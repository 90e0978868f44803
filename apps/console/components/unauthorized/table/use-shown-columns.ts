'use client';

import { useMemo } from 'react';
import { COLUMNS, isColumnId, type ColumnId, type ColumnPrefs } from '@/lib/unauthorized/columns';

export interface ShownColumns {
  readonly columns: readonly { readonly id: ColumnId; readonly widthPx: number }[];
  /** The same array until a column comes, goes or moves: rows are not drawn again for a width. */
  readonly ids: readonly ColumnId[];
  readonly totalPx: number;
}

/** Columns as this person arranged them; rows, their order and their pages are the server's. */
export function useShownColumns({ order, hidden, widths }: ColumnPrefs): ShownColumns {
  const columns = order
    .filter((id) => !hidden.includes(id))
    .map((id) => ({ id, widthPx: widths[id] ?? COLUMNS[id].widthPx }));
  const signature = columns.map(({ id }) => id).join(' ');
  const ids = useMemo(() => signature.split(' ').filter(isColumnId), [signature]);
  return { columns, ids, totalPx: columns.reduce((sum, { widthPx }) => sum + widthPx, 0) };
}
