'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { COLUMNS, isColumnId, movedTo, type ColumnId } from '@/lib/unauthorized/columns';
import type { ColumnControl } from '@/lib/unauthorized/use-columns';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { ResizeHandle } from './resize-handle';

interface HeaderCellProps {
  readonly id: ColumnId;
  readonly widthPx: number;
  readonly control: ViewControl;
  readonly columns: ColumnControl;
}

const DRAGGED = 'application/x-gatehouse-column';

/** Name of a column; sorts by a click, moves by dragging, and its edge makes it wider. */
export function HeaderCell({ id, widthPx, control, columns }: HeaderCellProps) {
  const t = useText('unauthorized');
  const look = COLUMNS[id];
  const { sort } = control.view;
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
        look.align === 'end' ? 'text-right' : look.align === 'center' ? 'text-center' : 'text-left',
      )}
    >
      {look.sort === undefined ? (
        <span className="block truncate">{t(`column.${id}`)}</span>
      ) : (
        <button
          type="button"
          onClick={() => control.change({ sort: descending ? (look.sort ?? null) : `-${look.sort ?? ''}` })}
          className={cx(
            '-mx-1 inline-flex h-6 max-w-full items-center gap-1 rounded-sm px-1 hover:text-fg',
            sorted && 'text-fg',
          )}
        >
          <span className="truncate">{t(`column.${id}`)}</span>
          {sorted && <SortArrow descending={descending} />}
        </button>
      )}
      <ResizeHandle id={id} widthPx={widthPx} columns={columns} />
    </th>
  );
}

function SortArrow({ descending }: { readonly descending: boolean }) {
  const Arrow = descending ? ArrowDown : ArrowUp;
  return <Arrow aria-hidden className="size-3.5 shrink-0" />;
}
