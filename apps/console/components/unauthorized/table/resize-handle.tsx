'use client';

import { useRef, type KeyboardEvent } from 'react';
import { useText } from '@/lib/i18n';
import {
  COLUMNS,
  COLUMN_STEP_PX,
  COLUMN_WIDTH_MAX_PX,
  COLUMN_WIDTH_MIN_PX,
  clampWidth,
  type ColumnId,
} from '@/lib/unauthorized/columns';
import type { ColumnControl } from '@/lib/unauthorized/use-columns';

interface ResizeHandleProps {
  readonly id: ColumnId;
  readonly widthPx: number;
  readonly columns: ColumnControl;
}

/** The edge between two columns: dragged, moved by the arrow keys, or put back by a double click. */
export function ResizeHandle({ id, widthPx, columns }: ResizeHandleProps) {
  const t = useText('unauthorized');
  /** Where the drag began, and how wide the column was there. */
  const grabbed = useRef<{ readonly x: number; readonly widthPx: number } | null>(null);
  const set = (next: number): void =>
    columns.change({ widths: { ...columns.prefs.widths, [id]: clampWidth(next) } });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') set(widthPx - COLUMN_STEP_PX);
    else if (event.key === 'ArrowRight') set(widthPx + COLUMN_STEP_PX);
    else return;
    event.preventDefault();
  };
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
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grabbed.current = { x: event.clientX, widthPx };
      }}
      onPointerMove={(event) => {
        const from = grabbed.current;
        if (from !== null) set(from.widthPx + event.clientX - from.x);
      }}
      onLostPointerCapture={() => {
        grabbed.current = null;
      }}
      onDoubleClick={() => set(COLUMNS[id].widthPx)}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 -right-3 z-10 w-6 cursor-col-resize touch-none after:absolute after:inset-y-1.5 after:left-1/2 after:w-px after:bg-line-strong hover:after:w-0.5 hover:after:bg-accent focus-visible:after:bg-accent"
    />
  );
}
