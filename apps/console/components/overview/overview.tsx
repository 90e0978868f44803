'use client';

import { TriangleAlert } from 'lucide-react';
import type { StatsDto } from '@gatehouse/contract';
import dynamic from 'next/dynamic';
import { Page, PageHeader } from '@/components/ui/page';
import { ErrorState, Notice, Skeleton, StaleBanner } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { RANGE_STEP_MS } from '@/lib/range';
import { useResource } from '@/lib/use-resource';
import { ChainCard } from './chain-card';
import { DecisionsCard } from './decisions-card';
import { Kpis } from './kpis';
import { ListenersCard } from './listeners-card';
import { ServerCard } from './server-card';
import { overviewSources } from './sources';
import { TopLists } from './top-lists';
import { TrafficCard } from './traffic-card';
import { useOverviewRange } from './use-overview-range';

/** Rare, and of no use before the numbers are there. */
const FiringAlerts = dynamic(() => import('./firing-alerts').then((module) => module.FiringAlerts), {
  ssr: false,
});

export function Overview() {
  const t = useText('overview');
  const range = useOverviewRange();
  const sources = overviewSources(range.range);
  const stats = useResource(sources.stats, { refetchInterval: RANGE_STEP_MS, keepPrevious: true });
  const series = useResource(sources.series, { refetchInterval: RANGE_STEP_MS, keepPrevious: true });
  return (
    <Page>
      <PageHeader title={t('title')} />
      {stats.data === undefined && stats.isError && (
        <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
      )}
      {stats.data !== undefined && stats.isError && (
        <StaleBanner since={<RelativeTime iso={stats.data.now} />} onRetry={() => void stats.refetch()} />
      )}
      {stats.data === undefined && !stats.isError && <OverviewSkeleton />}
      {stats.data !== undefined && (
        <>
          <FiringAlerts />
          <JournalNotice journal={stats.data.journal} />
          <RecorderNotice recorder={stats.data.recorder} />
          <Kpis stats={stats.data} series={series.data} range={range.range} />
          <DecisionsCard range={range} series={series} />
          <TopLists top={stats.data.top} range={range.range} />
          <div className="grid items-start gap-3 lg:grid-cols-2">
            <ChainCard stats={stats.data} />
            <ListenersCard stats={stats.data} />
            <TrafficCard stats={stats.data} series={series.data} range={range.range} />
            <ServerCard stats={stats.data} />
          </div>
        </>
      )}
    </Page>
  );
}

/** Says that devices wait for acknowledgements, and why. */
function JournalNotice({ journal: { problem } }: { readonly journal: StatsDto['journal'] }) {
  const t = useText('overview');
  if (problem === null) return null;
  return (
    <Notice tone="danger" icon={<TriangleAlert aria-hidden className="text-refused" />}>
      <strong className="font-semibold">{t('journal.title')}</strong> {t('journal.text', { problem })}
    </Notice>
  );
}

/** Says why nothing would be seen here even if it happened. */
function RecorderNotice({ recorder }: { readonly recorder: StatsDto['recorder'] }) {
  const t = useText('overview');
  return recorder.impossible.map((cause) => (
    <Notice key={cause} tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
      {t(`impossible.${cause}`)}
    </Notice>
  ));
}

const OverviewSkeleton = () => (
  <>
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
      {[0, 1, 2, 3, 4].map((index) => (
        <Skeleton key={index} className="h-[98px] w-full rounded-lg" />
      ))}
    </div>
    <Skeleton className="h-[340px] w-full rounded-lg" />
  </>
);
