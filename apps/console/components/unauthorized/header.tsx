'use client';

import { Eye, RefreshCw, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { GuideLink } from '@/components/ui/guide-link';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { recorderResource } from '@/lib/unauthorized/resources';
import { useFacets } from '@/lib/unauthorized/use-list';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import type { View } from '@/lib/unauthorized/view';
import { useResource } from '@/lib/use-resource';
import { ColumnsMenu } from './columns-menu';
import { ExportMenu } from './export-menu';
import { LiveButton } from './live-button';
import { RangeMenu } from './range-menu';
import { useRefresh } from './use-row-keys';
import { useWatches } from './watch/watch-provider';

type HeaderProps = Pick<RefusedModel, 'control' | 'view' | 'live' | 'held' | 'columns' | 'ask'>;

/** Title, what is seen in one line, and what can be done with all of it. */
export const Header = memo(function Header(props: HeaderProps) {
  const { control, view, live, held, columns, ask } = props;
  const t = useText('unauthorized');
  const refresh = useRefresh();
  const watches = useWatches();
  const mayDelete = useMay('unauthorized:delete');
  const mayExport = useMay('unauthorized:export');
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <h1 className="me-auto text-xl font-semibold tracking-tight">{t('title')}</h1>
      <div className="w-full max-md:order-1 md:order-last md:-mt-1">
        <p className="text-muted">
          {t('subtitle')} <GuideLink page="unauthorized" />
        </p>
        <Summary view={view} />
      </div>
      <div className="flex flex-wrap items-center gap-2 max-md:order-2">
        <RangeMenu control={control} />
        <LiveButton live={live} held={held} />
        <IconButton tone="neutral" label={t('refresh')} onClick={refresh} className="size-8">
          <RefreshCw aria-hidden />
        </IconButton>
        <IconButton tone="neutral" label={t('watch.open')} onClick={watches.show} className="size-8">
          <Eye aria-hidden />
        </IconButton>
        <ColumnsMenu columns={columns} />
        {mayExport && <ExportMenu view={view} />}
        {mayDelete && (
          <Button
            tone="danger"
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => ask({ kind: 'everything' })}
            aria-label={t('delete.all')}
            data-tip={t('delete.all')}
          >
            {t('delete.allShort')}
          </Button>
        )}
      </div>
    </header>
  );
});

function Summary({ view }: { readonly view: View }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const { data } = useFacets(view);
  const { data: recorder } = useResource(recorderResource, { refetchInterval: 15_000 });
  return (
    <p className="nums min-h-5.5 text-sm text-muted">
      {data !== undefined && (
        <>
          {t('summary.clients', {
            count: data.clients,
            shown: `${data.approximate ? '≈ ' : ''}${formatNumber(data.clients)}`,
          })}
          {' · '}
          {t('summary.attempts', { count: data.attempts, shown: formatNumber(data.attempts) })}
          {' · '}
          {t('summary.new', { count: data.newLastHour, shown: formatNumber(data.newLastHour) })}
        </>
      )}
      {recorder !== undefined && (
        <>
          {data !== undefined && ' · '}
          <RecorderState recorder={recorder} />
        </>
      )}
    </p>
  );
}

interface RecorderStateProps {
  readonly recorder: { readonly recording: boolean; readonly aggregated: number; readonly dropped: number };
}

/** Whether every refused attempt since the start is a row of its own. */
function RecorderState({ recorder }: RecorderStateProps) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  if (!recorder.recording) return <span className="text-ignored">{t('recorder.off')}</span>;
  if (recorder.aggregated + recorder.dropped === 0) return t('recorder.itemised');
  return (
    <span data-tip={t('recorder.tip')} className="text-ignored">
      {t('recorder.lossy', {
        aggregated: formatNumber(recorder.aggregated),
        dropped: formatNumber(recorder.dropped),
      })}
    </span>
  );
}
