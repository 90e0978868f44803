'use client';

import type { SeriesDto, StatsDto } from '@gatehouse/contract';
import { CircleCheck, CircleX, Disc, Percent, PlugZap } from 'lucide-react';
import { Sparkline } from '@/components/ui/sparkline';
import { Stat } from '@/components/ui/stat';
import { useFormat, useText } from '@/lib/i18n';
import type { TimeRange } from '@/lib/range';
import { trendOf } from './refusal-series';

const ICON = { 'aria-hidden': true } as const;
const ONE_DECIMAL_BELOW = 10;
const rounded = (perMinute: number): number =>
  perMinute < ONE_DECIMAL_BELOW ? Math.round(perMinute * 10) / 10 : Math.round(perMinute);

interface KpisProps {
  readonly stats: StatsDto;
  readonly series: SeriesDto | undefined;
  readonly range: TimeRange;
}

/** The five numbers of the house. */
export function Kpis({ stats, series, range }: KpisProps) {
  const { formatCompact, formatNumber, formatRatio } = useFormat();
  const t = useText('overview');
  const trend = (name: string, className: string) =>
    series === undefined
      ? {}
      : { trend: <Sparkline values={trendOf(series, range, name)} className={className} /> };
  return (
    <div className="grid grid-cols-2 gap-3 max-xl:*:last:col-span-2 md:grid-cols-3 xl:grid-cols-5">
      <Stat
        label={t('kpi.online')}
        icon={<PlugZap {...ICON} />}
        value={formatCompact(stats.clientsOnline)}
        note={t('kpi.credentials', { count: stats.credentials })}
        {...trend('online', 'text-faint')}
      />
      <Stat
        label={t('kpi.accepted')}
        icon={<CircleCheck {...ICON} />}
        tone="accepted"
        value={formatCompact(rounded(stats.acceptedPerMinute))}
        unit={t('kpi.perMinute')}
        note={t('kpi.sinceStart', { count: formatNumber(stats.totals.accepted) })}
        {...trend('accepted', 'text-accepted')}
      />
      <Stat
        label={t('kpi.refused')}
        icon={<CircleX {...ICON} />}
        tone="refused"
        value={formatCompact(rounded(stats.refusedPerMinute))}
        unit={t('kpi.perMinute')}
        note={t('kpi.sinceStart', { count: formatNumber(stats.totals.refused) })}
        {...trend('refused', 'text-refused')}
      />
      <Stat
        label={t('kpi.ratio')}
        icon={<Percent {...ICON} />}
        value={stats.refusalRatio === null ? '—' : formatRatio(stats.refusalRatio)}
        note={stats.refusalRatio === null ? t('kpi.nobody') : t('kpi.ratioNote')}
      />
      <RecorderStat recorder={stats.recorder} />
    </div>
  );
}

/** How much of what was refused is on record one by one. */
function RecorderStat({ recorder }: { readonly recorder: StatsDto['recorder'] }) {
  const { formatRatio } = useFormat();
  const t = useText('overview');
  const { recording, attempts, itemised, aggregated, dropped } = recorder;
  return (
    <Stat
      label={t('kpi.recorder')}
      icon={<Disc {...ICON} />}
      tone={dropped > 0 ? 'ignored' : 'neutral'}
      value={!recording ? t('kpi.off') : formatRatio(attempts === 0 ? 1 : itemised / attempts)}
      {...(recording ? { unit: t('kpi.itemised') } : {})}
      note={
        dropped > 0
          ? t('kpi.dropped', { count: dropped })
          : aggregated > 0
            ? t('kpi.aggregated', { count: aggregated })
            : t('kpi.attempts', { count: attempts })
      }
    />
  );
}
