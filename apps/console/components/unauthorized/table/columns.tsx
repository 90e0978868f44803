'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  tableFeatures,
} from '@tanstack/react-table';
import {
  COLUMNS,
  COLUMN_IDS,
  COLUMN_WIDTH_MAX_PX,
  COLUMN_WIDTH_MIN_PX,
  type ColumnId,
} from '@/lib/unauthorized/columns';

export const features = tableFeatures({
  columnVisibilityFeature,
  columnOrderingFeature,
  columnSizingFeature,
  columnResizingFeature,
});
export type Features = typeof features;

const helper = createColumnHelper<Features, UnauthorizedClientDto>();

/** The table's model of a column; what is drawn in it is decided by its id. */
export const tableColumns = COLUMN_IDS.map((id) =>
  helper.accessor((row): unknown => row[id], {
    id,
    size: COLUMNS[id].widthPx,
    minSize: COLUMN_WIDTH_MIN_PX,
    maxSize: COLUMN_WIDTH_MAX_PX,
  }),
);

export const isColumnId = (id: string): id is ColumnId => COLUMN_IDS.some((one) => one === id);
