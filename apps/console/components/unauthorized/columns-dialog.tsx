'use client';

import { ChevronDown, ChevronUp } from 'lucide-react';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Input } from '@/components/ui/field';
import { Checkbox } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import {
  COLUMNS,
  COLUMN_STEP_PX,
  COLUMN_WIDTH_MAX_PX,
  COLUMN_WIDTH_MIN_PX,
  clampWidth,
  moved,
  type ColumnId,
} from '@/lib/unauthorized/columns';
import type { ColumnControl } from '@/lib/unauthorized/use-columns';

/** Order, width and presence of every column by buttons and fields: what the header does by dragging. */
export function ColumnsDialog({
  columns,
  onClose,
}: {
  readonly columns: ColumnControl;
  readonly onClose: () => void;
}) {
  const t = useText('unauthorized');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('columns.arrange')}
      description={t('columns.hint')}
      footer={
        <>
          <Button onClick={columns.reset}>{t('columns.reset')}</Button>
          <Button tone="primary" onClick={onClose}>
            {t('columns.done')}
          </Button>
        </>
      }
    >
      <ol className="flex flex-col divide-y divide-line">
        {columns.prefs.order.map((id) => (
          <ColumnLine key={id} id={id} columns={columns} />
        ))}
      </ol>
    </Dialog>
  );
}

function ColumnLine({ id, columns }: { readonly id: ColumnId; readonly columns: ColumnControl }) {
  const t = useText('unauthorized');
  const { order, hidden, widths } = columns.prefs;
  const name = t(`column.${id}`);
  const move = (step: 1 | -1) => () => columns.change({ order: moved(order, id, step) });
  return (
    <li className="flex items-center gap-2 py-1">
      <label className="flex min-w-0 flex-1 items-center gap-2.5 py-1">
        <Checkbox
          checked={!hidden.includes(id)}
          onChange={(event) =>
            columns.change({
              hidden: event.target.checked ? hidden.filter((one) => one !== id) : [...hidden, id],
            })
          }
        />
        <span className="truncate">{name}</span>
      </label>
      <span className="w-20 shrink-0">
        <Input
          type="number"
          aria-label={t('columns.width', { name })}
          min={COLUMN_WIDTH_MIN_PX}
          max={COLUMN_WIDTH_MAX_PX}
          step={COLUMN_STEP_PX}
          value={widths[id] ?? COLUMNS[id].widthPx}
          onChange={(event) =>
            columns.change({ widths: { ...widths, [id]: clampWidth(Number(event.target.value)) } })
          }
          className="nums"
        />
      </span>
      <IconButton label={t('columns.up', { name })} disabled={order[0] === id} onClick={move(-1)}>
        <ChevronUp aria-hidden />
      </IconButton>
      <IconButton label={t('columns.down', { name })} disabled={order.at(-1) === id} onClick={move(1)}>
        <ChevronDown aria-hidden />
      </IconButton>
    </li>
  );
}
