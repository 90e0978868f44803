'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { useTable, type ColumnSizingState, type Header, type Updater } from '@tanstack/react-table';
import { useMemo } from 'react';
import { COLUMNS, COLUMN_IDS, clampWidth, type ColumnId } from '@/lib/unauthorized/columns';
import type { ColumnControl } from '@/lib/unauthorized/use-columns';
import { features, isColumnId, tableColumns, type Features } from './columns';

interface RefusedTable {
  readonly headers: readonly {
    readonly id: ColumnId;
    readonly header: Header<Features, UnauthorizedClientDto>;
  }[];
  readonly columnIds: readonly ColumnId[];
  readonly totalPx: number;
}

/** The rows, their order and their pages are the server's: the table knows its columns alone. */
const NO_ROWS: readonly UnauthorizedClientDto[] = [];

/** Columns as this person arranged them. */
export function useRefusedTable({ prefs, change }: ColumnControl): RefusedTable {
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
    data: NO_ROWS,
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
