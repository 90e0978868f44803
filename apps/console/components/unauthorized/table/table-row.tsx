'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { Ban } from 'lucide-react';
import { memo } from 'react';
import { IconButton } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { Checkbox } from '@/components/ui/toggle';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { COLUMNS, type ColumnId } from '@/lib/unauthorized/columns';
import { WatchItems } from '../watch/watch-choices';
import { Cell } from './cell';
import { AskIcon, DeleteIcon, MoreIcon } from './row-icons';
import { useRowName } from '../row-name';

/** What a row can ask for; the same function for all rows, so that unchanged rows are not drawn again. */
export type RowAction =
  | { readonly kind: 'open' | 'delete' | 'focus' | 'block'; readonly row: UnauthorizedClientDto }
  | { readonly kind: 'toggle'; readonly row: UnauthorizedClientDto; readonly range: boolean };

interface TableRowProps {
  readonly row: UnauthorizedClientDto;
  readonly columns: readonly ColumnId[];
  readonly selected: boolean;
  readonly active: boolean;
  readonly open: boolean;
  readonly mayDelete: boolean;
  readonly mayWatch: boolean;
  readonly mayBlock: boolean;
  /** Place among all rows, from 1; given when not all are drawn. */
  readonly rowIndex?: number;
  readonly onAction: (action: RowAction) => void;
}

const ALIGN = { end: 'text-end', center: 'text-center', start: '' } as const;
/** Looks of whole columns: an element less in each row. */
const LOOKS: Readonly<Partial<Record<ColumnId, string>>> = { ip: 'mono', listener: 'mono', attempts: 'nums' };
/** A click on a control within the row is not a click on the row. */
const CONTROL = 'button, a, input, label, [role="menu"]';

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { row, columns, selected, active, open, onAction, rowIndex } = props;
  const t = useText('unauthorized');
  const name = useRowName(row);
  return (
    <tr
      data-row={row.id}
      {...(rowIndex === undefined ? {} : { 'aria-rowindex': rowIndex })}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest(CONTROL) !== null) return;
        if (event.shiftKey) onAction({ kind: 'toggle', row, range: true });
        else if (window.getSelection()?.isCollapsed !== false) onAction({ kind: 'open', row });
      }}
      onFocus={() => onAction({ kind: 'focus', row })}
      className={cx(
        // Painted by itself: a change of one row has no other painted anew (11 → 2 ms of a frame), nor does the pointer fade through them.
        'group isolate h-9 cursor-default border-b border-line',
        selected
          ? 'bg-accent-soft'
          : row.state === 'resolved'
            ? 'bg-accepted-soft transition-colors duration-700'
            : 'bg-surface hover:bg-hover',
        open && 'shadow-[inset_3px_0_0_var(--color-accent)]',
        active && !open && 'shadow-[inset_2px_0_0_var(--color-line-strong)]',
      )}
    >
      <td className="w-9 ps-3">
        <label className="flex size-6 items-center justify-center">
          <Checkbox
            aria-label={t('selection.row', { name })}
            checked={selected}
            onChange={(event) =>
              onAction({
                kind: 'toggle',
                row,
                range: event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey,
              })
            }
          />
        </label>
      </td>
      {columns.map((id) => (
        <td key={id} className={cx('truncate px-2', ALIGN[COLUMNS[id].align ?? 'start'], LOOKS[id])}>
          <Cell id={id} row={row} onOpen={() => onAction({ kind: 'open', row })} />
        </td>
      ))}
      <RowButtons {...props} name={name} />
    </tr>
  );
});

function RowButtons(props: TableRowProps & { readonly name: string }) {
  const { row, mayDelete, mayWatch, mayBlock, onAction, name } = props;
  const t = useText('unauthorized');
  return (
    <td className="end-0 bg-inherit pe-1.5 text-end whitespace-nowrap xl:sticky">
      <IconButton
        label={t('row.showReasonOf', { name })}
        data-tip={t('row.showReason')}
        onClick={() => onAction({ kind: 'open', row })}
      >
        <AskIcon />
      </IconButton>
      {mayDelete && (
        <IconButton
          label={t('row.deleteNamed', { name })}
          data-tip={t('row.delete')}
          onClick={() => onAction({ kind: 'delete', row })}
        >
          <DeleteIcon />
        </IconButton>
      )}
      {(mayWatch || mayBlock) && (
        <Menu
          trigger={
            <IconButton label={t('row.actions', { name })} data-tip={t('table.actions')}>
              <MoreIcon />
            </IconButton>
          }
        >
          <WatchItems row={row} />
          {mayBlock && (
            <MenuItem icon={<Ban aria-hidden />} onSelect={() => onAction({ kind: 'block', row })}>
              {t('fix.block')}
            </MenuItem>
          )}
        </Menu>
      )}
    </td>
  );
}
