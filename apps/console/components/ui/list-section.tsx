'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PageOf } from '@/lib/endpoints';
import { ErrorState, StaleBanner } from './states';
import { Pager } from './table';
import { RelativeTime } from './time';

interface ListSectionProps<T> {
  readonly list: UseQueryResult<PageOf<T>>;
  /** Stands in for the table when there is no row. */
  readonly empty: ReactNode;
  readonly onCursor: (cursor: string | null) => void;
  /** The table; it draws its own skeleton while there is no page yet. */
  readonly children: ReactNode;
}

/** One page of a list that refreshes itself: rows, or what stands in for them, a word when they are stale, the pager. */
export function ListSection<T>({ list, empty, onCursor, children }: ListSectionProps<T>) {
  const page = list.data;
  const retry = (): void => void list.refetch();
  return (
    <>
      {list.isError && page !== undefined && (
        <StaleBanner
          since={<RelativeTime iso={new Date(list.dataUpdatedAt).toISOString()} />}
          onRetry={retry}
        />
      )}
      <section className="card min-w-0 overflow-hidden">
        {list.isError && page === undefined ? (
          <ErrorState error={list.error} onRetry={retry} />
        ) : page?.items.length === 0 ? (
          empty
        ) : (
          children
        )}
        {page !== undefined && page.items.length > 0 && (
          <Pager {...page} shown={page.items.length} onCursor={onCursor} />
        )}
      </section>
    </>
  );
}
