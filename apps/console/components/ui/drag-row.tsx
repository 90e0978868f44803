'use client';

import { GripVertical } from 'lucide-react';
import { useState, type ComponentProps } from 'react';
import { cx } from '@/lib/cx';

interface DragRowProps extends Omit<ComponentProps<'li'>, 'id' | 'onDrag'> {
  /** What the row is, for whatever it is dropped on. */
  readonly id: string;
  /** From 1. */
  readonly place: number;
  readonly editable: boolean;
  /** It is the one in hand. */
  readonly dragged: boolean;
  /** The columns and the room of the row. */
  readonly className: string;
  readonly onDrag: (active: boolean) => void;
  readonly onDropHere: () => void;
}

/** A row of an ordered list, with its number and the handle by which it is dragged to another place. */
export function DragRow({
  id,
  place,
  editable,
  dragged,
  className,
  onDrag,
  onDropHere,
  children,
  ...rest
}: DragRowProps) {
  const [over, setOver] = useState(false);
  return (
    <li
      {...rest}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDropHere();
      }}
      className={cx(
        'grid grid-cols-[auto_1fr] items-start gap-x-3 border-b border-line px-3 md:items-center',
        className,
        dragged && 'bg-sunken outline-1 -outline-offset-1 outline-dashed outline-control',
        over && !dragged && 'bg-accent-soft',
      )}
    >
      <div
        className={cx('flex items-center gap-1 pt-0.5 md:pt-0', editable && 'cursor-grab')}
        draggable={editable}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', id);
          onDrag(true);
        }}
        onDragEnd={() => onDrag(false)}
      >
        <GripVertical aria-hidden className={cx('size-4 text-faint', !editable && 'invisible')} />
        <span className="nums w-5 text-end text-sm text-muted">{place}</span>
      </div>
      {children}
    </li>
  );
}
