'use client';

import { CircleAlert, Clock, Lock, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { problemOf } from '@/lib/api';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { langOf } from '@/lib/told';
import { useProblemTitle } from '@/lib/use-problem-title';
import { Button } from './button';

export const Skeleton = ({ className }: { readonly className?: string }) => (
  <span
    aria-hidden
    data-skeleton
    className={cx('block animate-pulse-soft rounded-sm bg-line', className ?? 'h-4 w-full')}
  />
);

/** Rows of the height the table will have, so that nothing jumps when they come. */
export function SkeletonRows({ rows = 8, columns }: { readonly rows?: number; readonly columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={row} className="h-9 border-b border-line">
      {Array.from({ length: columns }, (_unused, column) => (
        <td key={column} className="px-3">
          <Skeleton className={cx('h-3', ['w-3/4', 'w-1/2', 'w-2/3', 'w-2/5'][(row + column) % 4])} />
        </td>
      ))}
    </tr>
  ));
}

interface StateProps {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** The frame of every state that stands in for content. */
export function State({ icon, title, children, actions, className }: StateProps) {
  return (
    <div
      className={cx('mx-auto flex max-w-lg flex-col items-center gap-2 px-6 py-12 text-center', className)}
    >
      {icon !== undefined && (
        <div className="mb-1 flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-muted [&_svg]:size-5">
          {icon}
        </div>
      )}
      <h2 className="text-lg font-semibold">{title}</h2>
      {children !== undefined && <div className="max-w-full min-w-0 text-muted">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** Filters leave nothing over. */
export function NothingMatches({
  hint,
  onClear,
}: {
  readonly hint?: ReactNode;
  readonly onClear: () => void;
}) {
  const t = useText('common');
  return (
    <State
      icon={<SearchX aria-hidden />}
      title={t('nothingMatches')}
      actions={<Button onClick={onClear}>{t('clearFilters')}</Button>}
    >
      {hint ?? t('nothingMatchesHint')}
    </State>
  );
}

export function Forbidden({ children }: { readonly children?: ReactNode }) {
  const t = useText('common');
  return (
    <State icon={<Lock aria-hidden />} title={t('forbidden')}>
      {children ?? t('forbiddenHint')}
    </State>
  );
}

/** What failed, the id to ask about, and the way to try again. A 403 shows as forbidden. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useText('common');
  const titleOf = useProblemTitle();
  const problem = problemOf(error);
  if (problem.status === 403) return <Forbidden />;
  return (
    <State
      icon={<CircleAlert aria-hidden className="text-refused" />}
      title={titleOf(problem)}
      actions={onRetry !== undefined && <Button onClick={onRetry}>{t('retry')}</Button>}
    >
      <div role="alert">
        {problem.detail !== undefined && <p lang={langOf(problem.detail)}>{problem.detail}</p>}
        {problem.errors?.map(({ path, message }) => (
          <p key={path}>
            <span className="mono">{path}</span> <span lang={langOf(message)}>{message}</span>
          </p>
        ))}
        <p className="mt-1 text-xs">
          <span className="mono">{problem.code}</span>
          {problem.requestId !== '' && (
            <>
              {' · '}
              {t('requestId')} <span className="mono select-all">{problem.requestId}</span>
            </>
          )}
        </p>
      </div>
    </State>
  );
}

/** Old rows are shown because new ones could not be read. */
export function StaleBanner({ since, onRetry }: { readonly since: ReactNode; readonly onRetry: () => void }) {
  const t = useText('common');
  return (
    <div
      role="status"
      className="flex items-center gap-2 rounded-md border border-line bg-ignored-soft px-3 py-1.5 text-sm"
    >
      <Clock aria-hidden className="size-4 text-ignored" />
      <span className="flex-1">
        {t('stale')} {since}
      </span>
      <Button size="sm" onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  );
}

/** A line above the content: something to know before reading on. */
export function Notice({
  tone = 'neutral',
  icon,
  children,
  actions,
}: {
  readonly tone?: 'neutral' | 'warning' | 'danger';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  const tones = { neutral: 'bg-sunken', warning: 'bg-ignored-soft', danger: 'bg-refused-soft' } as const;
  return (
    <div
      className={cx(
        'flex items-start gap-2.5 rounded-md border border-line px-3 py-2 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0',
        tones[tone],
      )}
    >
      {icon}
      <div className="min-w-0 flex-1">{children}</div>
      {actions}
    </div>
  );
}
