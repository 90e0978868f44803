'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { useTable, type ColumnSizingState, type Header, type Updater } from '@tanstack/react-table';
import { useMemo } from 'react';
import { COLUMNS, COLUMN_IDS, clampWidth, type ColumnId } from '@/lib/unauthorized/columns';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { features, isColumnId, tableColumns, type Features } from './columns';

interface RefusedTable {
  readonly headers: readonly {
    readonly id: ColumnId;
    readonly header: Header<Features, UnauthorizedClientDto>;
  }[];
  readonly columnIds: readonly ColumnId[];
  readonly totalPx: number;
}

/** Columns as this person arranged them; rows, their order and their pages are the server's. */
export function useRefusedTable({ rows, columns }: RefusedModel): RefusedTable {
  const { prefs, change } = columns;
  const columnSizing = useMemo(
    (): ColumnSizingState =>
      Object.fromEntries(COLUMN_IDS.map((id) => [id, prefs.widths[id] ?? COLUMNS[id].widthPx])),
    [prefs.widths],
  );
  const columnVisibility = useMemo(
    () => Object.fromEntries(COLUMN_IDS.map((id) => [id, !prefs.hidden.includes(id)])),
    [prefs.hidden],
  );
  const columnOrder = useMemo(() => [...prefs.order], [prefs.order]);
  const table = useTable<Features, UnauthorizedClientDto>({
    features,
    columns: tableColumns,
    data: rows,
    getRowId: (row) => row.id,
    columnResizeMode: 'onChange',
    state: { columnSizing, columnVisibility, columnOrder },
    onColumnSizingChange: (updater: Updater<ColumnSizingState>) => {
      const next = typeof updater === 'function' ? updater(columnSizing) : updater;
      change({
        widths: Object.fromEntries(Object.entries(next).map(([id, width]) => [id, clampWidth(width)])),
      });
    },
  });
  const headers = (table.getHeaderGroups()[0]?.headers ?? []).flatMap((header) =>
    isColumnId(header.column.id) ? [{ id: header.column.id, header }] : [],
  );
  const signature = headers.map(({ id }) => id).join(' ');
  const columnIds = useMemo(() => signature.split(' ').filter(isColumnId), [signature]);
  return { headers, columnIds, totalPx: table.getTotalSize() };
}
