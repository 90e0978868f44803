'use client';

import type { Family } from '@gatehouse/auth-core/reasons';
import type { OverviewDto, SeriesDto } from '@gatehouse/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { ChartColumnStacked, Table2, ZoomOut } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo, useState, type ReactNode } from 'react';
import { StackedChart } from '@/components/charts/stacked-chart';
import { Button, IconButton } from '@/components/ui/button';
import { Card } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { RANGE_KEYS } from '@/lib/range';
import { FAMILY_LOOK, familyFrom } from '@/lib/reasons';
import { usePref } from '@/lib/use-pref';
import { DecisionsTable } from './decisions-table';
import { rowsOf } from './links';
import { refusalSeries, type RefusalSeries } from './refusal-series';
import type { OverviewRange } from './use-overview-range';

/** The server's samples: what happened up to so long before a step may be counted in it. */
const SAMPLE_MS = 5_000;

interface DecisionsCardProps {
  readonly range: OverviewRange;
  readonly series: UseQueryResult<SeriesDto>;
  readonly overview: OverviewDto | undefined;
}

/** Who got in and who did not, over time: drag to zoom, click a bar to see the clients behind it. */
export function DecisionsCard({ range, series, overview }: DecisionsCardProps) {
  const t = useText('overview');
  const [asTable, setAsTable] = useState(false);
  return (
    <Card
      title={t('decisions.title')}
      actions={
        <>
          <RangeButtons range={range} />
          <IconButton
            label={asTable ? t('decisions.asChart') : t('decisions.asTable')}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <ChartColumnStacked aria-hidden /> : <Table2 aria-hidden />}
          </IconButton>
        </>
      }
    >
      <div className="min-h-72 px-4 py-3">
        {series.data !== undefined ? (
          <Decisions
            data={series.data}
            overview={overview}
            range={range}
            asTable={asTable}
            dimmed={series.isPlaceholderData}
          />
        ) : series.isError ? (
          <ErrorState error={series.error} onRetry={() => void series.refetch()} />
        ) : (
          <Skeleton className="h-64 w-full" />
        )}
      </div>
    </Card>
  );
}

function RangeButtons({ range }: { readonly range: OverviewRange }) {
  const t = useText('overview');
  return (
    <div role="group" aria-label={t('range.label')} className="flex flex-wrap items-center gap-0.5">
      {range.custom && (
        <Button
          size="sm"
          tone="quiet"
          icon={<ZoomOut aria-hidden className="size-4" />}
          onClick={() => range.choose(range.key)}
        >
          {t('range.reset')}
        </Button>
      )}
      {RANGE_KEYS.map((key) => {
        const active = !range.custom && key === range.key;
        return (
          <button
            key={key}
            type="button"
            aria-pressed={active}
            onClick={() => range.choose(key)}
            className={cx(
              'h-7 rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-fg',
              active && 'bg-accent-soft font-medium text-accent',
            )}
          >
            {t(`range.${key}`)}
          </button>
        );
      })}
    </div>
  );
}

interface DecisionsProps {
  readonly data: SeriesDto;
  readonly overview: OverviewDto | undefined;
  readonly range: OverviewRange;
  readonly asTable: boolean;
  readonly dimmed: boolean;
}

function Decisions({ data, overview, range, asTable, dimmed }: DecisionsProps) {
  const { formatDayMinute } = useFormat();
  const t = useText('overview');
  const reasons = useText('reasons');
  const router = useRouter();
  const [accepted, setAccepted] = usePref('overview.accepted', 'shown');
  const all = useMemo(
    () =>
      refusalSeries(data, range.range, (key) =>
        key === 'accepted' ? t('decisions.accepted') : reasons(`family.${key}`),
      ),
    [data, range.range.from, range.range.to, t, reasons],
  );
  const showAccepted = accepted === 'shown';
  const shown = { ...all, series: all.series.filter((one) => showAccepted || one.key !== 'accepted') };
  const open = (key: string, time: number): void => {
    if (key === 'accepted') return;
    const span = {
      from: new Date(time - SAMPLE_MS).toISOString(),
      to: new Date(time + data.stepMs).toISOString(),
    };
    router.push(rowsOf(span, { family: key }));
  };
  return (
    <div className={cx('flex flex-col gap-3 transition-opacity', dimmed && 'opacity-60')}>
      {asTable ? (
        <DecisionsTable shown={shown} />
      ) : (
        <StackedChart
          label={t('decisions.chart')}
          times={shown.times}
          series={shown.series}
          onBrush={range.zoom}
          onPick={open}
        />
      )}
      <Legend
        all={all}
        clients={overview?.refusedClients}
        range={range}
        showAccepted={showAccepted}
        onAccepted={(show) => setAccepted(show ? 'shown' : 'hidden')}
      />
      {range.custom && range.range.to !== undefined && (
        <p className="nums text-xs text-muted" suppressHydrationWarning>
          {formatDayMinute(Date.parse(range.range.from))} – {formatDayMinute(Date.parse(range.range.to))}
        </p>
      )}
    </div>
  );
}

interface LegendProps {
  readonly all: RefusalSeries;
  /** Clients behind the attempts, by family. */
  readonly clients: OverviewDto['refusedClients'] | undefined;
  readonly range: OverviewRange;
  readonly showAccepted: boolean;
  readonly onAccepted: (show: boolean) => void;
}

/** Families lead to their clients; what was accepted has none to show, so its entry hides or shows it. */
function Legend({ all, clients, range, showAccepted, onAccepted }: LegendProps) {
  const { formatCompact, formatNumber } = useFormat();
  const t = useText('overview');
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
      {all.series.map((one) => {
        const family = familyFrom(one.key);
        const behind = clients?.families.find(({ value }) => value === one.key)?.clients ?? 0;
        const text = (
          <>
            {one.label} <span className="nums">{formatNumber(all.totals[one.key] ?? 0)}</span>
          </>
        );
        return (
          <li key={one.key}>
            {family === null ? (
              <AcceptedEntry shown={showAccepted} onShow={onAccepted}>
                {text}
              </AcceptedEntry>
            ) : (
              <FamilyEntry family={family} range={range}>
                {text}
                {behind > 0 && (
                  <span className="nums text-muted">
                    {t('decisions.clients', {
                      count: behind,
                      shown: `${clients?.isExact === true ? '' : '≈ '}${formatCompact(behind)}`,
                    })}
                  </span>
                )}
              </FamilyEntry>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface AcceptedEntryProps {
  readonly shown: boolean;
  readonly onShow: (show: boolean) => void;
  readonly children: ReactNode;
}

function AcceptedEntry({ shown, onShow, children }: AcceptedEntryProps) {
  const t = useText('overview');
  return (
    <button
      type="button"
      aria-pressed={shown}
      data-tip={t('decisions.toggleAccepted')}
      onClick={() => onShow(!shown)}
      className="inline-flex min-h-6 items-center gap-1.5 hover:underline"
    >
      <span
        aria-hidden
        className={cx('size-2.5 rounded-[2px] border border-accepted', shown && 'bg-chart-accepted')}
      />
      {children}
    </button>
  );
}

interface FamilyEntryProps {
  readonly family: Family;
  readonly range: OverviewRange;
  readonly children: ReactNode;
}

function FamilyEntry({ family, range, children }: FamilyEntryProps) {
  const { icon: Icon, fill, text } = FAMILY_LOOK[family];
  return (
    <Link
      href={rowsOf(range.range, { family })}
      prefetch={false}
      className="inline-flex min-h-6 items-center gap-1.5 hover:underline"
    >
      <span aria-hidden className={cx('size-2.5 rounded-[2px]', fill)} />
      <Icon aria-hidden className={cx('size-3.5', text)} />
      {children}
    </Link>
  );
}
