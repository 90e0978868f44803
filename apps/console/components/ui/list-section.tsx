'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { ServerOff, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PageOf } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { MissingNodes } from './missing-nodes';
import { ErrorState, Notice, StaleBanner, State } from './states';
import { Pager } from './table';
import { RelativeTime } from './time';

interface ListSectionProps<T> {
  readonly list: UseQueryResult<PageOf<T>>;
  /** Stands in for the table when there is no row. */
  readonly empty: ReactNode;
  /** What is said where the server could not look through everything. */
  readonly incomplete?: string;
  /** Nodes that did not answer: their rows are not there. */
  readonly missing?: readonly string[] | undefined;
  readonly onCursor: (cursor: string | null) => void;
  /** The table; it draws its own skeleton while there is no page yet. */
  readonly children: ReactNode;
}

/** One page of a list that refreshes itself: rows, or what stands in for them, a word when they are stale, the pager. */
export function ListSection<T>(props: ListSectionProps<T>) {
  const { list, empty, incomplete, missing = [], onCursor, children } = props;
  const t = useText('common');
  const page = list.data;
  const retry = (): void => void list.refetch();
  return (
    <>
      {missing.length > 0 && <MissingNodes nodes={missing} />}
      {incomplete !== undefined && page?.totalIsExact === false && missing.length === 0 && (
        <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
          {incomplete}
        </Notice>
      )}
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
          missing.length > 0 ? (
            <State icon={<ServerOff aria-hidden />} title={t('noneOfOthers')} />
          ) : (
            empty
          )
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
