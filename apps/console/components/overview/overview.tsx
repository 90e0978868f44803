'use client';

import { Monitor, TriangleAlert } from 'lucide-react';
import type { OverviewDto, StatsDto } from '@gatehouse/contract';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button-class';
import { MissingNodes } from '@/components/ui/missing-nodes';
import { PageHeader } from '@/components/ui/page';
import { ErrorState, Notice, Skeleton, StaleBanner } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { onceThere } from '@/lib/missing-part';
import { RANGE_STEP_MS } from '@/lib/range';
import { useResource } from '@/lib/use-resource';
import { useWall } from '@/lib/use-wall';
import { DecisionsCard } from './decisions-card';
import { failingOf } from './failing';
import { Kpis } from './kpis';
import { overviewSources } from './sources';
import { TopLists } from './top-lists';
import { useOverviewRange, type OverviewRange } from './use-overview-range';
import { Verdict } from './verdict';

/** Rare, and of no use before the numbers are there. */
const FiringAlerts = lazyPart(() => import('./firing-alerts').then((module) => module.FiringAlerts));
const OutageNotice = lazyPart(() => import('./outage-notice').then((module) => module.OutageNotice));
const GuessingNotice = lazyPart(() => import('./guessing-notice').then((module) => module.GuessingNotice));
const NewsCard = lazyPart(
  () => import('./news-card').then((module) => module.NewsCard),
  () => <Skeleton className="h-[340px] w-full rounded-lg" />,
);
/** Below the fold: drawn by the server with the rest, its script comes after what is needed first. */
const House = dynamic(() => onceThere(() => import('./house').then((module) => module.House)));
const WallBar = lazyPart(() => import('./wall-bar').then((module) => module.WallBar));

/** Title and what leads on from it: drawn before the numbers are read. The screen left open on a wall has a bar of its own. */
export function OverviewHead() {
  const t = useText('overview');
  const wall = useWall();
  const range = useOverviewRange();
  if (wall) return null;
  return (
    <PageHeader
      title={t('title')}
      description={t('subtitle')}
      guide="overview"
      actions={<WallLink range={range} />}
    />
  );
}

/** All that is read for the page. */
export function OverviewNumbers() {
  const wall = useWall();
  const range = useOverviewRange();
  const sources = overviewSources(range.range);
  const live = { refetchInterval: RANGE_STEP_MS, keepPrevious: true } as const;
  const stats = useResource(sources.stats, live);
  const overview = useResource(sources.overview, live);
  const series = useResource(sources.series, live);
  const failing = stats.data === undefined ? [] : failingOf(stats.data);
  const failed = [stats, overview, series].find((one) => one.isError);
  const retry = (): void => {
    for (const one of [stats, overview, series]) void one.refetch();
  };
  return (
    <>
      {wall && <WallBar asOf={stats.data?.now} failed={failed !== undefined} />}
      {stats.data === undefined && stats.isError && <ErrorState error={stats.error} onRetry={retry} />}
      {stats.data !== undefined && failed !== undefined && !wall && (
        <StaleBanner since={<RelativeTime iso={stats.data.now} />} onRetry={retry} />
      )}
      {stats.data === undefined && !stats.isError && <OverviewSkeleton />}
      {stats.data !== undefined && (
        <>
          <SilentNodes nodes={stats.data.nodes} />
          <FiringAlerts />
          <JournalNotice journal={stats.data.journal} />
          <RecorderNotice recorder={stats.data.recorder} />
          {failing.length > 0 && <OutageNotice failing={failing} />}
          {overview.data !== undefined && overview.data.guessing.length > 0 && (
            <GuessingNotice networks={overview.data.guessing} range={range.range} />
          )}
          {overview.data !== undefined && <Verdict overview={overview.data} range={range} />}
          <Kpis stats={stats.data} overview={overview.data} series={series.data} range={range} />
          <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_23rem]">
            <div className="flex min-w-0 flex-col gap-3">
              <DecisionsCard range={range} series={series} overview={overview.data} />
              <TopLists top={stats.data.top} range={range.range} />
            </div>
            <News overview={overview.data} range={range} />
          </div>
          {!wall && <House stats={stats.data} series={series.data} range={range} />}
        </>
      )}
    </>
  );
}

function News({
  overview,
  range,
}: {
  readonly overview: OverviewDto | undefined;
  readonly range: OverviewRange;
}) {
  if (overview === undefined) return <Skeleton className="h-[340px] w-full rounded-lg" />;
  return <NewsCard overview={overview} range={range.range} />;
}

/** Leads to the same page as it is left open on a wall. */
function WallLink({ range }: { readonly range: OverviewRange }) {
  const t = useText('overview');
  return (
    <Link
      href={`/?wall=1&range=${range.key}`}
      prefetch={false}
      data-tip={t('wall.tip')}
      className={buttonClass('quiet', 'sm')}
    >
      <Monitor aria-hidden className="size-4" />
      {t('wall.open')}
    </Link>
  );
}

/** Says whose numbers are not in the sums. */
function SilentNodes({ nodes }: Pick<StatsDto, 'nodes'>) {
  const silent = nodes.filter(({ clientsOnline }) => clientsOnline === null).map(({ id }) => id);
  return silent.length === 0 ? null : <MissingNodes nodes={silent} />;
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

/** What holds the place of the numbers. */
export const OverviewSkeleton = () => (
  <>
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <Skeleton key={index} className="h-[116px] w-full rounded-lg" />
      ))}
    </div>
    <Skeleton className="h-[340px] w-full rounded-lg" />
  </>
);
