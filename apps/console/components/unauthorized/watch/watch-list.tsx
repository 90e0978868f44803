'use client';

import type { WatchDto } from '@gatehouse/contract';
import { CircleStop, Network, Router } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useMay } from '@/lib/session';
import { remaining } from '@/lib/unauthorized/watched';
import { WATCHES_PATH, watchPath } from '@/lib/unauthorized/watches';
import { useAction } from '@/lib/use-action';

interface WatchListProps {
  readonly watches: readonly WatchDto[];
  readonly shown: string;
  readonly onChoose: (id: string) => void;
}

/** What is watched, how much it has seen, and how long it goes on. */
export function WatchList({ watches, shown, onChoose }: WatchListProps) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  return (
    <ul aria-label={t('watch.list')} className="divide-y divide-line rounded-md border border-line">
      {watches.map((watch) => (
        <li key={watch.id} className={cx('flex items-center pe-1', watch.id === shown && 'bg-accent-soft')}>
          <button
            type="button"
            aria-pressed={watch.id === shown}
            onClick={() => onChoose(watch.id)}
            className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-x-3 px-3 py-1.5 text-start text-sm"
          >
            <Target target={watch.target} />
            <span className="nums ms-auto text-xs whitespace-nowrap text-muted">
              {t('watch.attempts', { count: watch.entries, shown: formatNumber(watch.entries) })}
              {' · '}
              <Remaining watch={watch} />
            </span>
          </button>
          <StopButton watch={watch} />
        </li>
      ))}
    </ul>
  );
}

function Target({ target }: Pick<WatchDto, 'target'>) {
  const t = useText('unauthorized');
  const Icon = target.kind === 'ip' ? Network : Router;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="sr-only">{t(target.kind === 'ip' ? 'column.ip' : 'column.clientId')}</span>
      <ClientText text={target.value} />
    </span>
  );
}

function Remaining({ watch }: { readonly watch: WatchDto }) {
  const t = useText('unauthorized');
  const now = useNow();
  if (!watch.running || Date.parse(watch.until) <= now) return t('watch.ended');
  return <span suppressHydrationWarning>{t('watch.left', { time: remaining(watch.until, now) })}</span>;
}

function StopButton({ watch }: { readonly watch: WatchDto }) {
  const t = useText('unauthorized');
  const stop = useAction(() => api.delete<undefined>(watchPath(watch.id)), { stale: [WATCHES_PATH] });
  if (!useMay('unauthorized:watch')) return null;
  return (
    <IconButton
      label={t('watch.stop', { name: watch.target.value })}
      data-tip={t('watch.stopTip')}
      disabled={stop.isPending}
      onClick={() => stop.mutate(undefined)}
    >
      <CircleStop aria-hidden />
    </IconButton>
  );
}
