'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import type { Header } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import {
  COLUMNS,
  COLUMN_STEP_PX,
  COLUMN_WIDTH_MAX_PX,
  COLUMN_WIDTH_MIN_PX,
  clampWidth,
  movedTo,
  type ColumnId,
} from '@/lib/unauthorized/columns';
import type { ColumnControl } from '@/lib/unauthorized/use-columns';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { isColumnId, type Features } from './columns';

interface HeaderCellProps {
  readonly id: ColumnId;
  readonly header: Header<Features, UnauthorizedClientDto>;
  readonly widthPx: number;
  readonly sort: string;
  readonly change: ViewControl['change'];
  readonly columns: ColumnControl;
}

const DRAGGED = 'application/x-gatehouse-column';

/** Name of a column; sorts by a click, moves by dragging, and its edge makes it wider. */
export const HeaderCell = memo(function HeaderCell(props: HeaderCellProps) {
  const { id, sort, change, columns } = props;
  const t = useText('unauthorized');
  const look = COLUMNS[id];
  const descending = look.sort !== undefined && sort === `-${look.sort}`;
  const sorted = descending || sort === look.sort;
  return (
    <th
      scope="col"
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, id)}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
      }}
      onDrop={(event) => {
        const dragged = event.dataTransfer.getData(DRAGGED);
        if (isColumnId(dragged)) columns.change({ order: movedTo(columns.prefs.order, dragged, id) });
      }}
      {...(look.sort === undefined
        ? {}
        : { 'aria-sort': sorted ? (descending ? 'descending' : 'ascending') : 'none' })}
      className={cx(
        'relative h-8 px-2 text-xs font-medium text-muted',
        look.align === 'end' ? 'text-end' : look.align === 'center' ? 'text-center' : 'text-start',
      )}
    >
      {look.sort === undefined ? (
        <span className="block truncate">{t(`column.${id}`)}</span>
      ) : (
        <button
          type="button"
          onClick={() => change({ sort: descending ? (look.sort ?? null) : `-${look.sort ?? ''}` })}
          className={cx(
            '-mx-1 inline-flex h-6 max-w-full items-center gap-1 rounded-sm px-1 hover:text-fg',
            sorted && 'text-fg',
          )}
        >
          <span className="truncate">{t(`column.${id}`)}</span>
          {sorted && <SortArrow descending={descending} />}
        </button>
      )}
      <ResizeHandle {...props} />
    </th>
  );
});

function SortArrow({ descending }: { readonly descending: boolean }) {
  const Arrow = descending ? ArrowDown : ArrowUp;
  return <Arrow aria-hidden className="size-3.5 shrink-0" />;
}

/** The edge between two columns: dragged, or moved by the arrow keys. */
function ResizeHandle({ id, header, widthPx, columns }: HeaderCellProps) {
  const t = useText('unauthorized');
  const resize = header.getResizeHandler();
  const set = (next: number): void =>
    columns.change({ widths: { ...columns.prefs.widths, [id]: clampWidth(next) } });
  return (
    <span
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('columns.width', { name: t(`column.${id}`) })}
      aria-valuenow={widthPx}
      aria-valuemin={COLUMN_WIDTH_MIN_PX}
      aria-valuemax={COLUMN_WIDTH_MAX_PX}
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onMouseDown={resize}
      onTouchStart={resize}
      onDoubleClick={() => set(COLUMNS[id].widthPx)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(widthPx - COLUMN_STEP_PX);
        else if (event.key === 'ArrowRight') set(widthPx + COLUMN_STEP_PX);
        else return;
        event.preventDefault();
      }}
      className="absolute inset-y-0 -end-3 z-10 w-6 cursor-col-resize touch-none after:absolute after:inset-y-1.5 after:start-1/2 after:w-px after:bg-line-strong hover:after:w-0.5 hover:after:bg-accent focus-visible:after:bg-accent"
    />
  );
}
