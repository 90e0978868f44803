'use client';

import type { ClientSubscriptionDto } from '@gatehouse/contract';
import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { SkeletonRows } from '@/components/ui/states';
import { actionsTd, ActionsHeader, SortHeader, Table, TableHead, td, th, tr } from '@/components/ui/table';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';

interface SubscriptionsTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly ClientSubscriptionDto[] | undefined;
  readonly busy: boolean;
  /** False where all are of one client. */
  readonly withClient: boolean;
  /** There are several. */
  readonly withNode?: boolean;
  /** Undefined: in the order in which they come. */
  readonly sorting?: { readonly sort: string; readonly onSort: (sort: string) => void } | undefined;
  /** Given to those who may end one. */
  readonly onRemove?: (subscription: ClientSubscriptionDto) => void;
}

export function SubscriptionsTable(props: SubscriptionsTableProps) {
  const { rows, busy, withClient, withNode = false, sorting, onRemove } = props;
  const t = useText('subscriptions');
  const common = useText('common');
  return (
    <Table label={t('title')} busy={busy}>
      <TableHead>
        {withClient && (
          <Head field="clientId" sorting={sorting}>
            {t('clientId')}
          </Head>
        )}
        <Head field="topicFilter" sorting={sorting}>
          {t('filter')}
        </Head>
        <Head field="qos" sorting={sorting}>
          {t('qos')}
        </Head>
        {withNode && (
          <th scope="col" className={th}>
            {common('node')}
          </th>
        )}
        <th scope="col" className={th}>
          {t('options')}
        </th>
        {onRemove !== undefined && <ActionsHeader />}
      </TableHead>
      <tbody>
        {rows === undefined ? (
          <SkeletonRows columns={(withClient ? 5 : 3) + (withNode ? 1 : 0)} />
        ) : (
          rows.map((row) => (
            <Row
              key={`${row.clientId}\0${row.filter}\0${row.node}`}
              row={row}
              withClient={withClient}
              withNode={withNode}
              {...(onRemove === undefined ? {} : { onRemove })}
            />
          ))
        )}
      </tbody>
    </Table>
  );
}

interface HeadProps {
  readonly field: string;
  readonly sorting: SubscriptionsTableProps['sorting'];
  readonly children: ReactNode;
}

const Head = ({ field, sorting, children }: HeadProps) =>
  sorting === undefined ? (
    <th scope="col" className={th}>
      {children}
    </th>
  ) : (
    <SortHeader field={field} {...sorting}>
      {children}
    </SortHeader>
  );

type RowProps = Pick<SubscriptionsTableProps, 'withClient' | 'withNode' | 'onRemove'> & {
  readonly row: ClientSubscriptionDto;
};

function Row({ row, withClient, withNode = false, onRemove }: RowProps) {
  const t = useText('subscriptions');
  return (
    <tr className={tr}>
      {withClient && (
        <td className={cx(td, 'max-w-64')}>
          <span className="flex min-w-0 items-center gap-2">
            <Link
              href={`/clients?open=${encodeURIComponent(row.clientId)}`}
              className="flex min-h-6 min-w-0 items-center font-medium hover:underline"
            >
              <ClientText text={row.clientId} />
            </Link>
            {!row.online && <Badge>{t('offline')}</Badge>}
          </span>
        </td>
      )}
      <td className={cx(td, 'max-w-96')}>
        <span className="flex min-w-0 items-center gap-2">
          <ClientText text={row.filter} />
          {row.mountpoint !== null && (
            <Badge className="max-w-48 gap-1">
              {t('mountpoint')} <ClientText text={row.mountpoint} />
            </Badge>
          )}
        </span>
      </td>
      <td className={cx(td, 'nums')}>{row.qos}</td>
      {withNode && <td className={cx(td, 'max-w-40 truncate')}>{row.node}</td>}
      <td className={td}>
        <span className="flex flex-wrap gap-1">
          {row.group !== null && (
            <Badge tone="accent" className="max-w-48">
              <span className="truncate">{t('group', { name: row.group })}</span>
            </Badge>
          )}
          {row.noLocal && <Badge>{t('noLocal')}</Badge>}
          {row.retainAsPublished && <Badge>{t('retainAsPublished')}</Badge>}
          {row.identifier !== null && <Badge>{t('identifier', { id: row.identifier })}</Badge>}
        </span>
      </td>
      {onRemove !== undefined && (
        <td className={actionsTd}>
          <IconButton label={t('remove')} onClick={() => onRemove(row)}>
            <Trash2 aria-hidden />
          </IconButton>
        </td>
      )}
    </tr>
  );
}
