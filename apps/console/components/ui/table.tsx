'use client';

import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { IconButton } from './button';
import { SkeletonRows } from './states';

/** A real table in a frame of its own that scrolls sideways rather than the page. */
export function Table({
  label,
  busy = false,
  className,
  children,
  ...rest
}: ComponentProps<'table'> & { readonly label: string; readonly busy?: boolean }) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="relative w-full overflow-x-auto">
      <table
        {...rest}
        aria-busy={busy}
        className={cx(
          // On a phone it is as wide as its cells need, and scrolls.
          'w-full border-collapse text-sm transition-opacity duration-150 max-sm:min-w-168',
          busy && 'opacity-55',
          className,
        )}
      >
        {children}
      </table>
    </div>
  );
}

export const TableHead = ({ children }: { readonly children: ReactNode }) => (
  <thead className="border-b border-line bg-sunken">
    <tr className="h-8">{children}</tr>
  </thead>
);

/** Left-aligned by the style of every `th`, so that `text-end` over numbers wins. */
export const th = 'px-3 text-xs font-medium whitespace-nowrap text-muted';
export const td = 'px-3 py-1.5 align-middle';
/** The buttons of a row stay in sight where the table is wider than the window. */
export const actionsTd = `${td} sticky end-0 bg-surface text-end whitespace-nowrap in-[tr:hover]:bg-hover`;
export const tr = 'h-9 border-b border-line last:border-b-0 hover:bg-hover aria-selected:bg-accent-soft';

/** Over the buttons of each row: named for those who hear the table. */
export function ActionsHeader() {
  const t = useText('common');
  return (
    <th scope="col" className={cx(th, 'sticky end-0 bg-sunken text-end')}>
      <span className="sr-only">{t('actions')}</span>
    </th>
  );
}

interface TableRowsProps<T> {
  /** Undefined: not there yet. */
  readonly rows: readonly T[] | undefined;
  readonly columns: number;
  readonly children: (row: T) => ReactNode;
}

/** The rows, or what holds their place until they come. */
export const TableRows = <T,>({ rows, columns, children }: TableRowsProps<T>) => (
  <tbody>{rows === undefined ? <SkeletonRows columns={columns} /> : rows.map(children)}</tbody>
);

interface SortHeaderProps {
  readonly field: string;
  /** `field` or `-field`, as in the URL. */
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** First click: descending for times and counts would surprise nobody, but one rule for all is easier: toggles. */
export function SortHeader({ field, sort, onSort, className, children }: SortHeaderProps) {
  const descending = sort === `-${field}`;
  const active = descending || sort === field;
  const Arrow = descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}
      className={cx(th, className)}
    >
      <button
        type="button"
        onClick={() => onSort(descending ? field : `-${field}`)}
        className={cx(
          '-mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-fg',
          active && 'text-fg',
        )}
      >
        {children}
        {active && <Arrow aria-hidden className="size-3.5" />}
      </button>
    </th>
  );
}

interface PagerProps {
  readonly shown: number;
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly prev: string | null;
  readonly next: string | null;
  /** Null goes to the first page. */
  readonly onCursor: (cursor: string | null) => void;
}

/** Keyset paging: no page numbers exist, so none are shown. */
export function Pager({ shown, total, totalIsExact, prev, next, onCursor }: PagerProps) {
  const { formatNumber } = useFormat();
  const t = useText('common');
  return (
    <nav
      aria-label={t('paging')}
      className="flex items-center gap-2 border-t border-line px-3 py-1.5 text-sm text-muted"
    >
      <span className="nums flex-1">
        {t('shownOf', {
          shown: formatNumber(shown),
          total: `${formatNumber(total)}${totalIsExact ? '' : '+'}`,
        })}
      </span>
      <IconButton label={t('previousPage')} disabled={prev === null} onClick={() => onCursor(prev)}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <IconButton label={t('nextPage')} disabled={next === null} onClick={() => onCursor(next)}>
        <ChevronRight aria-hidden />
      </IconButton>
    </nav>
  );
}
