'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { Ellipsis } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { ReasonChip } from '@/components/ui/reason-chip';
import { RelativeTime } from '@/components/ui/time';
import { Checkbox } from '@/components/ui/toggle';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { isSelected } from '@/lib/unauthorized/selection';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { ClientId } from './client-id';
import { WatchItems } from './watch/watch-choices';
import { ResolvedMark } from './resolved-mark';
import { useRowName } from './row-name';

/** The rows where a table has no room: client, reason, address, when; the rest is one touch away. */
export function Cards({ model, busy }: { readonly model: RefusedModel; readonly busy: boolean }) {
  return (
    <ul aria-busy={busy} className={cx('divide-y divide-line', busy && 'opacity-55')}>
      {model.rows.map((row) => (
        <Card key={row.id} row={row} model={model} />
      ))}
    </ul>
  );
}

function Card({ row, model }: { readonly row: UnauthorizedClientDto; readonly model: RefusedModel }) {
  const { formatCompact } = useFormat();
  const t = useText('unauthorized');
  const { control, selection, openId } = model;
  const name = useRowName(row);
  return (
    <li
      className={cx(
        'flex gap-3 px-3 py-2.5 [contain-intrinsic-size:auto_76px] [content-visibility:auto]',
        isSelected(selection.selection, row.id) && 'bg-accent-soft',
        openId === row.id && 'bg-hover',
      )}
    >
      <span className="flex size-6 items-center justify-center">
        <Checkbox
          aria-label={t('selection.row', { name })}
          checked={isSelected(selection.selection, row.id)}
          onChange={() => selection.toggle(row.id)}
          className="size-6"
        />
      </span>
      <button
        type="button"
        data-open-row={row.id}
        className="flex min-w-0 flex-1 flex-col gap-0.5 text-start"
        onClick={() => control.open(row.id)}
      >
        <span className="flex w-full items-baseline gap-2">
          <span className="flex min-w-0 flex-1 font-medium">
            <ClientId clientId={row.clientId} truncated={row.clientIdTruncated} />
          </span>
          <RelativeTime iso={row.lastAttemptAt} className="text-xs text-muted" />
        </span>
        <span className="flex w-full text-sm">
          {row.state === 'resolved' ? <ResolvedMark /> : <ReasonChip code={row.reason} />}
        </span>
        <span className="flex w-full gap-2 text-xs text-muted">
          <span className="mono truncate">{row.ip}</span>
          <span className="nums ms-auto whitespace-nowrap">
            {t('attempts.short', { count: row.attempts, shown: formatCompact(row.attempts) })}
          </span>
        </span>
      </button>
      <CardMenu row={row} model={model} />
    </li>
  );
}

function CardMenu({ row, model }: { readonly row: UnauthorizedClientDto; readonly model: RefusedModel }) {
  const t = useText('unauthorized');
  const mayDelete = useMay('unauthorized:delete');
  const name = useRowName(row);
  return (
    <Menu
      trigger={
        <IconButton label={t('row.actions', { name })}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => model.control.open(row.id)}>{t('row.showReason')}</MenuItem>
      <WatchItems row={row} />
      {mayDelete && (
        <MenuItem danger onSelect={() => model.ask({ kind: 'one', id: row.id, clientId: row.clientId })}>
          {t('row.delete')}
        </MenuItem>
      )}
    </Menu>
  );
}
