'use client';

import type { BlockDto } from '@gatehouse/contract';
import { CircleCheck, Pencil, ShieldX, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import {
  actionsTd,
  ActionsHeader,
  SortHeader,
  Table,
  TableHead,
  TableRows,
  td,
  th,
  tr,
} from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { unauthorizedLink } from '@/lib/unauthorized-link';

const COLUMNS = 8;

interface BlockedTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly BlockDto[] | undefined;
  readonly busy: boolean;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  /** Absent: this person may only look. */
  readonly onEdit?: (block: BlockDto) => void;
  readonly onRemove?: (block: BlockDto) => void;
}

export function BlockedTable(props: BlockedTableProps) {
  const { rows, busy, sort, onSort } = props;
  const t = useText('blocked');
  return (
    <Table label={t('title')} busy={busy}>
      <TableHead>
        <th scope="col" className={th}>
          {t('kind')}
        </th>
        <SortHeader field="value" sort={sort} onSort={onSort}>
          {t('value')}
        </SortHeader>
        <th scope="col" className={th}>
          {t('comment')}
        </th>
        <SortHeader field="expiresAt" sort={sort} onSort={onSort}>
          {t('ends')}
        </SortHeader>
        <SortHeader field="hits" sort={sort} onSort={onSort} className="text-end">
          {t('hits')}
        </SortHeader>
        <SortHeader field="lastHitAt" sort={sort} onSort={onSort}>
          {t('lastHit')}
        </SortHeader>
        <SortHeader field="createdAt" sort={sort} onSort={onSort}>
          {t('made')}
        </SortHeader>
        <ActionsHeader />
      </TableHead>
      <TableRows rows={rows} columns={COLUMNS}>
        {(row) => <Row key={row.id} row={row} {...props} />}
      </TableRows>
    </Table>
  );
}

type RowProps = Pick<BlockedTableProps, 'onEdit' | 'onRemove'> & { readonly row: BlockDto };

function Row({ row, onEdit, onRemove }: RowProps) {
  const { formatNumber } = useFormat();
  const t = useText('blocked');
  return (
    <tr className={tr}>
      <td className={td}>
        <Badge>{t(`kinds.${row.kind}`)}</Badge>
      </td>
      <td className={cx(td, 'max-w-72 min-w-40')}>
        <span className="mono flex">
          <ClientText text={row.value} expandable />
        </span>
      </td>
      <td className={cx(td, 'max-w-64 truncate')}>
        {row.comment === '' ? <span className="text-faint">—</span> : <VisibleSentence text={row.comment} />}
      </td>
      <td className={td}>
        <Ends row={row} />
      </td>
      <td className={cx(td, 'nums text-end', row.hits === 0 && 'text-faint')}>{formatNumber(row.hits)}</td>
      <td className={td}>
        {row.lastHitAt === null ? (
          <span className="text-faint">{t('neverHit')}</span>
        ) : (
          <RelativeTime iso={row.lastHitAt} />
        )}
      </td>
      <td className={td}>
        <RelativeTime iso={row.createdAt} />{' '}
        <span className="text-xs text-muted">
          <VisibleSentence text={t('by', { name: row.createdBy })} />
        </span>
      </td>
      <td className={actionsTd}>
        <RowActions row={row} onEdit={onEdit} onRemove={onRemove} />
      </td>
    </tr>
  );
}

function Ends({ row }: { readonly row: BlockDto }) {
  const t = useText('blocked');
  if (row.expired) return <Badge icon={<CircleCheck aria-hidden />}>{t('ended')}</Badge>;
  if (row.expiresAt === null) return t('forever');
  return <RelativeTime iso={row.expiresAt} />;
}

interface RowActionsProps {
  readonly row: BlockDto;
  readonly onEdit: RowProps['onEdit'] | undefined;
  readonly onRemove: RowProps['onRemove'] | undefined;
}

function RowActions({ row, onEdit, onRemove }: RowActionsProps) {
  const t = useText('blocked');
  const refusals = t('refusals', { value: row.value });
  return (
    <span className="inline-flex items-center">
      <Link
        href={refusedBy(row)}
        aria-label={refusals}
        data-tip={refusals}
        className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-fg"
      >
        <ShieldX aria-hidden className="size-4" />
      </Link>
      {onEdit !== undefined && (
        <IconButton label={t('editRow', { value: row.value })} onClick={() => onEdit(row)}>
          <Pencil aria-hidden />
        </IconButton>
      )}
      {onRemove !== undefined && (
        <IconButton label={t('removeRow', { value: row.value })} onClick={() => onRemove(row)}>
          <Trash2 aria-hidden />
        </IconButton>
      )}
    </span>
  );
}

/** The refused clients that a block is about, as far as their table can be filtered by it. */
function refusedBy({ kind, value }: BlockDto): string {
  const reason = 'CLIENT_BLOCKED';
  switch (kind) {
    case 'clientId':
      return unauthorizedLink({ reason, clientId: `eq:${value}` });
    case 'username':
      return unauthorizedLink({ reason, username: `eq:${value}` });
    case 'ip':
    case 'cidr':
      return unauthorizedLink({ reason, ip: value });
    case 'fingerprint':
    case 'pattern':
      return unauthorizedLink({ reason });
  }
}
