'use client';

import type { RetainedSummaryDto } from '@gatehouse/contract';
import { Trash2 } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { SkeletonRows } from '@/components/ui/states';
import { actionsTd, ActionsHeader, SortHeader, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { bytesOf, textOfStart } from '@/lib/payload';

const COLUMNS = ['payload', 'size', 'qos', 'publisher', 'updatedAt', 'expires'] as const;
const SORTABLE: ReadonlySet<string> = new Set(['size', 'qos', 'updatedAt']);

interface RetainedTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly RetainedSummaryDto[] | undefined;
  readonly busy: boolean;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onOpen: (topic: string) => void;
  /** Given to those who may delete. */
  readonly onDelete?: (topic: string) => void;
}

export function RetainedTable(props: RetainedTableProps) {
  const { rows, busy, sort, onSort, onDelete } = props;
  const t = useText('retained');
  return (
    <Table label={t('title')} busy={busy}>
      <TableHead>
        <SortHeader field="topic" sort={sort} onSort={onSort}>
          {t('topic')}
        </SortHeader>
        {COLUMNS.map((column) =>
          SORTABLE.has(column) ? (
            <SortHeader
              key={column}
              field={column}
              sort={sort}
              onSort={onSort}
              {...(column === 'size' ? { className: 'text-end' } : {})}
            >
              {t(column)}
            </SortHeader>
          ) : (
            <th key={column} scope="col" className={th}>
              {t(column)}
            </th>
          ),
        )}
        {onDelete !== undefined && <ActionsHeader />}
      </TableHead>
      <tbody>
        {rows === undefined ? (
          <SkeletonRows columns={COLUMNS.length + 1} />
        ) : (
          rows.map((row) => <Row key={row.topic} row={row} {...props} />)
        )}
      </tbody>
    </Table>
  );
}

function Row({ row, onOpen, onDelete }: RetainedTableProps & { readonly row: RetainedSummaryDto }) {
  const { formatBytes } = useFormat();
  const t = useText('retained');
  return (
    <tr className={tr}>
      <td className={cx(td, 'max-w-80')}>
        <button
          type="button"
          onClick={() => onOpen(row.topic)}
          className="flex min-h-6 max-w-full items-center font-medium hover:underline"
        >
          <ClientText text={row.topic} />
        </button>
      </td>
      <td className={cx(td, 'max-w-96')}>
        <Preview row={row} />
      </td>
      <td className={cx(td, 'nums text-end whitespace-nowrap')}>{formatBytes(row.payloadBytes)}</td>
      <td className={cx(td, 'nums')}>{row.qos}</td>
      <td className={cx(td, 'max-w-44')}>
        {row.publisher === '' ? (
          <span className="text-muted">{t('server')}</span>
        ) : (
          <span className="flex">
            <ClientText text={row.publisher} />
          </span>
        )}
      </td>
      <td className={td}>{row.updatedAt === null ? '—' : <RelativeTime iso={row.updatedAt} />}</td>
      <td className={cx(td, 'whitespace-nowrap')}>
        {row.expiresInSeconds === null ? (
          <span className="text-faint">—</span>
        ) : (
          t('expiresIn', { count: row.expiresInSeconds })
        )}
      </td>
      {onDelete !== undefined && (
        <td className={actionsTd}>
          <IconButton label={t('delete.action')} onClick={() => onDelete(row.topic)}>
            <Trash2 aria-hidden />
          </IconButton>
        </td>
      )}
    </tr>
  );
}

/** The first words of a payload that is text. */
function Preview({ row }: { readonly row: RetainedSummaryDto }) {
  const t = useText('retained');
  const bytes = bytesOf(row.preview);
  const text = textOfStart(bytes, bytes.length === row.payloadBytes);
  return text === null ? (
    <span className="text-muted italic">{t('binary', { count: row.payloadBytes })}</span>
  ) : (
    <span className="flex">
      <ClientText text={text} truncated={bytes.length < row.payloadBytes} />
    </span>
  );
}
