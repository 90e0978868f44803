'use client';

import { Eye } from 'lucide-react';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState, Skeleton, State } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import { watchesResource } from '@/lib/unauthorized/watches';
import { useResource } from '@/lib/use-resource';
import { WatchAttempts } from './watch-attempts';
import { WatchList } from './watch-list';

const POLL_MS = 5_000;

interface WatchPanelProps {
  /** The watch to show; null: the newest. */
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** Everybody's watches, and the attempts of one of them as they happen. */
export function WatchPanel({ chosen, onChoose, onClose }: WatchPanelProps) {
  const t = useText('unauthorized');
  return (
    <Dialog open onClose={onClose} title={t('watch.title')} description={t('watch.hint')} size="lg">
      <Watches chosen={chosen} onChoose={onChoose} />
    </Dialog>
  );
}

function Watches({ chosen, onChoose }: Omit<WatchPanelProps, 'onClose'>) {
  const t = useText('unauthorized');
  const { data, error, refetch } = useResource(watchesResource, { refetchInterval: POLL_MS });
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-9 w-full" />
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    );
  }
  const watches = data.items.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  const shown = watches.find(({ id }) => id === chosen) ?? watches[0];
  if (shown === undefined) {
    return (
      <State icon={<Eye aria-hidden />} title={t('watch.none')}>
        {t('watch.noneText')}
      </State>
    );
  }
  return (
    <div className="flex min-h-96 flex-col gap-4">
      <WatchList watches={watches} shown={shown.id} onChoose={onChoose} />
      <WatchAttempts key={shown.id} watch={shown} />
    </div>
  );
}
