'use client';

import type { SlowedGuesserDto } from '@gatehouse/contract';
import { Hourglass, Snail, Undo2 } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { SkeletonRows } from '@/components/ui/states';
import { actionsTd, ActionsHeader, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { nameOf } from './guesser';

const COLUMNS = 5;
const SKELETON_ROWS = 3;

interface SlowedTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly SlowedGuesserDto[] | undefined;
  /** Absent: this person may only look. */
  readonly onForgive?: (guesser: SlowedGuesserDto) => void;
}

/** Who may not try a password now, what for and until when. */
export function SlowedTable({ rows, onForgive }: SlowedTableProps) {
  const t = useText('blocked');
  return (
    <Table label={t('slowed.title')} busy={rows === undefined}>
      <TableHead>
        {(['state', 'who', 'failures', 'until'] as const).map((column) => (
          <th key={column} scope="col" className={cx(th, column === 'failures' && 'text-end')}>
            {t(`slowed.${column}`)}
          </th>
        ))}
        <ActionsHeader />
      </TableHead>
      <tbody>
        {rows === undefined ? (
          <SkeletonRows columns={COLUMNS} rows={SKELETON_ROWS} />
        ) : (
          rows.map((row) => <Row key={keyOf(row)} row={row} onForgive={onForgive} />)
        )}
      </tbody>
    </Table>
  );
}

const keyOf = ({ kind, ip, identity, network }: SlowedGuesserDto): string =>
  JSON.stringify([kind, ip, identity?.by, identity?.value, network]);

function Row({
  row,
  onForgive,
}: {
  readonly row: SlowedGuesserDto;
  readonly onForgive: SlowedTableProps['onForgive'] | undefined;
}) {
  const { formatNumber } = useFormat();
  const t = useText('blocked');
  const isPair = row.kind === 'pair';
  return (
    <tr className={tr}>
      <td className={cx(td, 'whitespace-nowrap')}>
        <span data-tip={t(`slowed.kindHints.${row.kind}`)} className="inline-flex items-center gap-1.5">
          <Badge
            tone={isPair ? 'refused' : 'ignored'}
            icon={isPair ? <Hourglass aria-hidden /> : <Snail aria-hidden />}
          >
            {t(`slowed.kinds.${row.kind}`)}
          </Badge>
          <span className="text-xs text-muted">{t('slowed.automatic')}</span>
        </span>
      </td>
      <td className={cx(td, 'max-w-96 min-w-48')}>
        <Who row={row} />
      </td>
      <td className={cx(td, 'nums text-end')}>{formatNumber(row.failures)}</td>
      <td className={td}>
        <RelativeTime iso={row.until} />
      </td>
      <td className={actionsTd}>
        {onForgive !== undefined && (
          <IconButton label={t('slowed.forgiveRow', { who: nameOf(row) })} onClick={() => onForgive(row)}>
            <Undo2 aria-hidden />
          </IconButton>
        )}
      </td>
    </tr>
  );
}

function Who({ row: { ip, identity, network } }: { readonly row: SlowedGuesserDto }) {
  const t = useText('blocked');
  return (
    <span className="flex flex-wrap items-baseline gap-x-1.5">
      {identity === null ? (
        <span className="text-muted">{t('slowed.anyName')}</span>
      ) : (
        <>
          <span className="text-xs text-muted">{t(`slowed.by.${identity.by}`)}</span>
          <span className="mono flex min-w-0">
            <ClientText text={identity.value} expandable />
          </span>
        </>
      )}
      {(ip ?? network) === null ? (
        <span className="text-xs text-muted">{t('slowed.anywhere')}</span>
      ) : (
        <>
          <span className="text-xs text-muted">{t('slowed.from')}</span>
          <span className="mono">{ip ?? network}</span>
        </>
      )}
    </span>
  );
}
