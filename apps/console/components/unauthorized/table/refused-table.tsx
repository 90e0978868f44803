'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { memo, useEffect, useRef, useState, type ReactNode } from 'react';
import { Checkbox } from '@/components/ui/toggle';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import type { ColumnId } from '@/lib/unauthorized/columns';
import { isSelected } from '@/lib/unauthorized/selection';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { HeaderCell } from './header-cell';
import { useRowState, type RowState } from './row-state';
import { TableRow, type RowAction } from './table-row';
import { useRefusedTable } from './use-refused-table';
import { VirtualBody } from './virtual-body';

const BlockRefused = lazyPart(() =>
  import('@/components/blocked/block-refused').then((module) => module.BlockRefused),
);

/** Rows from which on only those in sight are drawn (ADR 0037): each costs every change of the page its share of style and layout. */
const VIRTUAL_ABOVE = 40;
const SELECT_PX = 36;
const BUTTONS_PX = 92;
/** Scrolled further than this, new rows wait for the reader. */
const SCROLLED_PX = 24;

/** Where the drawer stands beside the table, the frame ends before it; the page itself has 1.5rem at its end. */
const BESIDE_DRAWER = 'xl:me-[34.5rem]';

interface RefusedTableProps extends Pick<
  RefusedModel,
  'rows' | 'columns' | 'openId' | 'hold' | 'ask' | 'setActive'
> {
  readonly sort: string;
  readonly change: ViewControl['change'];
  readonly open: ViewControl['open'];
  readonly busy: boolean;
}

/** The table itself: real rows and headers, in a frame that scrolls both ways under its head. */
export const RefusedTable = memo(function RefusedTable(props: RefusedTableProps) {
  const { rows, columns, openId, hold, sort, change, busy } = props;
  const t = useText('unauthorized');
  const frame = useRef<HTMLDivElement>(null);
  const table = useRefusedTable(columns);
  const [blocking, setBlocking] = useState<UnauthorizedClientDto | null>(null);
  const isVirtual = rows.length > VIRTUAL_ABOVE;
  useEffect(() => () => hold('scroll', false), [hold]);
  return (
    <div
      ref={frame}
      role="region"
      aria-label={t('table.label')}
      tabIndex={0}
      onScroll={(event) => hold('scroll', event.currentTarget.scrollTop > SCROLLED_PX)}
      className={cx(
        'max-h-[max(24rem,calc(100dvh-11rem))] scroll-pt-10 overflow-auto overscroll-x-contain',
        openId !== null && BESIDE_DRAWER,
      )}
    >
      <table
        width={table.totalPx + SELECT_PX + BUTTONS_PX}
        aria-busy={busy}
        {...(isVirtual ? { 'aria-rowcount': rows.length + 1 } : {})}
        className={cx(
          'min-w-full table-fixed border-collapse text-sm transition-opacity duration-150',
          busy && 'opacity-55',
        )}
      >
        <colgroup>
          <col width={SELECT_PX} />
          {table.headers.map(({ id, header }) => (
            <col key={id} width={header.getSize()} />
          ))}
          <col width={BUTTONS_PX} />
        </colgroup>
        <thead className="sticky top-0 z-10 bg-sunken shadow-[inset_0_-1px_0_var(--color-line)]">
          <tr className="bg-sunken" {...(isVirtual ? { 'aria-rowindex': 1 } : {})}>
            <SelectAll rows={rows} />
            {table.headers.map((one) => (
              <HeaderCell
                key={one.id}
                {...one}
                widthPx={one.header.getSize()}
                sort={sort}
                change={change}
                columns={columns}
              />
            ))}
            <th scope="col" className="end-0 bg-inherit xl:sticky">
              <span className="sr-only">{t('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <Body
          {...props}
          columnIds={table.columnIds}
          frame={frame}
          isVirtual={isVirtual}
          onBlock={setBlocking}
        />
      </table>
      {blocking !== null && (
        <BlockRefused known={knownOf(blocking)} reason={blocking.reason} onClose={() => setBlocking(null)} />
      )}
    </div>
  );
});

const SelectAll = memo(function SelectAll({ rows }: Pick<RefusedModel, 'rows'>) {
  const { selection } = useRowState();
  const t = useText('unauthorized');
  const chosen = rows.filter((row) => isSelected(selection.selection, row.id)).length;
  return (
    <th scope="col" className="ps-3 text-start">
      <label className="flex size-6 items-center justify-center">
        <Checkbox
          aria-label={t('selection.page')}
          checked={rows.length > 0 && chosen === rows.length}
          indeterminate={chosen > 0 && chosen < rows.length}
          onChange={(event) => selection.setPage(event.target.checked)}
        />
      </label>
    </th>
  );
});

/** What of a row can be blocked; a client ID that was cut is nobody's. */
const knownOf = ({ clientId, clientIdTruncated, username, ip }: UnauthorizedClientDto) => ({
  clientId: clientIdTruncated ? null : clientId,
  username,
  ip,
});

interface BodyProps extends Pick<RefusedTableProps, 'rows' | 'openId' | 'open' | 'ask' | 'setActive'> {
  readonly columnIds: readonly ColumnId[];
  readonly frame: { readonly current: HTMLDivElement | null };
  readonly isVirtual: boolean;
  readonly onBlock: (row: UnauthorizedClientDto) => void;
}

function Body(props: BodyProps) {
  const { rows, openId, columnIds, frame, isVirtual } = props;
  const { selection, active } = useRowState();
  const mayDelete = useMay('unauthorized:delete');
  const mayWatch = useMay('unauthorized:watch');
  const mayBlock = useMay('blocks:write');
  const onAction = useRowAction({ ...props, selection });
  const draw = (index: number): ReactNode => {
    const row = rows[index];
    if (row === undefined) return null;
    return (
      <TableRow
        key={row.id}
        row={row}
        columns={columnIds}
        selected={isSelected(selection.selection, row.id)}
        active={active === row.id}
        open={openId === row.id}
        mayDelete={mayDelete}
        mayWatch={mayWatch}
        mayBlock={mayBlock}
        onAction={onAction}
        {...(isVirtual ? { rowIndex: index + 2 } : {})}
      />
    );
  };
  if (isVirtual) return <VirtualBody rows={rows} frame={frame} kept={[active, openId]} draw={draw} />;
  return <tbody>{rows.map((_row, index) => draw(index))}</tbody>;
}

type RowDeeds = Pick<BodyProps, 'open' | 'ask' | 'setActive' | 'onBlock'> & Pick<RowState, 'selection'>;

/** One function for all rows that always acts on the latest state. */
function useRowAction(deeds: RowDeeds): (action: RowAction) => void {
  const latest = useRef(deeds);
  useEffect(() => {
    latest.current = deeds;
  });
  const stable = useRef((action: RowAction): void => {
    const { open, selection, ask, setActive, onBlock } = latest.current;
    const { row } = action;
    if (action.kind !== 'toggle') setActive(row.id);
    if (action.kind === 'open') open(row.id);
    else if (action.kind === 'block') onBlock(row);
    else if (action.kind === 'delete') ask({ kind: 'one', id: row.id, clientId: row.clientId });
    else if (action.kind === 'toggle') selection.toggle(row.id, action.range);
  });
  return stable.current;
}
