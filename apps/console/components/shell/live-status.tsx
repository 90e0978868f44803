'use client';

import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useShellStats } from './use-shell-stats';

/** Whether what the page shows is of now: a dot and a word. */
export function LiveStatus() {
  const { formatCompact, formatRelative } = useFormat();
  const t = useText('shell');
  const now = useNow(5_000);
  const { data, isError, dataUpdatedAt } = useShellStats();
  if (isError) {
    return (
      <span role="status" className="flex items-center gap-1.5 text-sm text-ignored">
        <span aria-hidden className="size-2 rounded-full border-2 border-ignored" />
        {dataUpdatedAt === 0
          ? t('live.down')
          : t('live.stale', { age: formatRelative(new Date(dataUpdatedAt).toISOString(), now) })}
      </span>
    );
  }
  return (
    <span
      className={cx('flex items-center gap-1.5 text-sm text-muted', data === undefined && 'invisible')}
      data-tip={t('live.tip')}
    >
      <span aria-hidden className="size-2 rounded-full bg-accepted" />
      <span className="nums">{t('live.online', { count: formatCompact(data?.clientsOnline ?? 0) })}</span>
    </span>
  );
}

/** Which server this is, so that production is not taken for the test bench. */
export function EnvironmentBadge() {
  const t = useText('shell');
  const { data } = useShellStats();
  if (data === undefined) return null;
  return (
    <span
      className="mono hidden h-5 max-w-40 items-center truncate rounded-sm border border-line bg-sunken px-1.5 text-xs text-muted sm:inline-flex"
      data-tip={t('node', { node: data.node, version: data.version })}
    >
      {data.node}
    </span>
  );
}
