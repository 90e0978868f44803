'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { Table, TableHead, th } from '@/components/ui/table';
import { useText } from '@/lib/i18n';

interface SettingsListProps<T> {
  /** Where the page's words are in the messages. */
  readonly area: 'keys' | 'users';
  readonly columns: readonly string[];
  /** Whether rows end in a column of buttons. */
  readonly withActions?: boolean;
  readonly list: UseQueryResult<{ readonly items: readonly T[] }>;
  /** Stands in for the table when there is no row. */
  readonly empty?: ReactNode;
  /** Given to those who may make a new one. */
  readonly onCreate?: () => void;
  readonly row: (item: T) => ReactNode;
  /** What stands below, and dialogs. */
  readonly children: ReactNode;
}

/** A short list that fits one page, and a button that makes a new one. */
export function SettingsList<T>(props: SettingsListProps<T>) {
  const { area, list, empty, onCreate, children } = props;
  const t = useText('settings');
  const isEmpty = empty !== undefined && list.data?.items.length === 0;
  return (
    <Page>
      <PageHeader
        title={t(`${area}.title`)}
        description={t(`${area}.subtitle`)}
        guide={area === 'keys' ? 'apiKeys' : 'users'}
        actions={
          onCreate !== undefined && (
            <Button tone="primary" icon={<Plus aria-hidden className="size-4" />} onClick={onCreate}>
              {t(`${area}.create`)}
            </Button>
          )
        }
      />
      <section className="card min-w-0 overflow-hidden">
        {list.isError && list.data === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : isEmpty ? (
          empty
        ) : (
          <Rows {...props} />
        )}
      </section>
      {children}
    </Page>
  );
}

const SKELETON_ROWS = 3;

function Rows<T>({ area, columns, withActions = false, list, row }: SettingsListProps<T>) {
  const t = useText('settings');
  return (
    <Table label={t(`${area}.title`)}>
      <TableHead>
        {columns.map((column) => (
          <th key={column} scope="col" className={th}>
            {t(`${area}.${column}`)}
          </th>
        ))}
        {withActions && (
          <th scope="col" className={th}>
            <span className="sr-only">{t('actions')}</span>
          </th>
        )}
      </TableHead>
      <tbody>
        {list.data?.items.map(row) ?? (
          <SkeletonRows columns={columns.length + (withActions ? 1 : 0)} rows={SKELETON_ROWS} />
        )}
      </tbody>
    </Table>
  );
}
