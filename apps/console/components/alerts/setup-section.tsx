'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from '@/components/ui/states';
import { ActionsHeader, Table, TableHead, TableRows, th } from '@/components/ui/table';
import type { ListOf } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';

interface SetupSectionProps<T> {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly list: UseQueryResult<ListOf<T>>;
  /** Beside the heading, where there are rows. */
  readonly actions: ReactNode;
  /** Stands in for the table when there is no row. */
  readonly empty: ReactNode;
  readonly row: (item: T) => ReactNode;
  /** The dialog that is open. */
  readonly children: ReactNode;
}

/** A list of what is set for alerts, whole on one page. */
export function SetupSection<T>(props: SetupSectionProps<T>) {
  const { id, title, columns, list, actions, empty, row, children } = props;
  const t = useText('alerts');
  const items = list.data?.items;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {items !== undefined && items.length > 0 && (
          <div className="flex flex-wrap items-center gap-2">{actions}</div>
        )}
      </div>
      <div className="card min-w-0 overflow-hidden">
        {list.isError && items === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : items?.length === 0 ? (
          empty
        ) : (
          <Table label={title}>
            <TableHead>
              {columns.map((column) => (
                <th key={column} scope="col" className={th}>
                  {t(column)}
                </th>
              ))}
              <ActionsHeader />
            </TableHead>
            <TableRows rows={items} columns={columns.length + 1}>
              {row}
            </TableRows>
          </Table>
        )}
      </div>
      {children}
    </section>
  );
}
