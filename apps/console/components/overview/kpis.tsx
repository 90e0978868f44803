'use client';

import type { OverviewDto, SeriesDto, StatsDto } from '@gatehouse/contract';
import { CircleCheck, CircleX, Disc, Percent, PlugZap, UsersRound } from 'lucide-react';
import Link from 'next/link';
import { Sparkline } from '@/components/ui/sparkline';
import { Stat } from '@/components/ui/stat';
import { useFormat, useText } from '@/lib/i18n';
import { Change } from './change';
import { newRowsOf, rowsOf } from './links';
import { trendOf } from './refusal-series';
import type { OverviewRange } from './use-overview-range';

const ICON = { 'aria-hidden': true } as const;
const ONE_DECIMAL_BELOW = 10;
const rounded = (perMinute: number): number =>
  perMinute < ONE_DECIMAL_BELOW ? Math.round(perMinute * 10) / 10 : Math.round(perMinute);

interface KpisProps {
  readonly stats: StatsDto;
  readonly overview: OverviewDto | undefined;
  readonly series: SeriesDto | undefined;
  readonly range: OverviewRange;
}

/** The numbers of the house over the range, each beside the period before; from each one click to the rows behind it. */
export function Kpis({ stats, overview, series, range }: KpisProps) {
  const { formatCompact, formatRatio } = useFormat();
  const t = useText('overview');
  const rows = rowsOf(range.range);
  const trend = (name: string, className: string) =>
    series === undefined
      ? {}
      : { trend: <Sparkline values={trendOf(series, range.range, name)} className={className} /> };
  const decided = (name: 'accepted' | 'refused'): string => {
    const count = overview?.[name].now ?? null;
    return count === null ? '—' : formatCompact(count);
  };
  const perMinute = (value: number): string =>
    t('kpi.perMinuteNow', { count: formatCompact(rounded(value)) });
  const ratio = overview?.refusalRatio.now ?? null;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">
      <Stat
        label={t('kpi.online')}
        icon={<PlugZap {...ICON} />}
        value={formatCompact(stats.clientsOnline)}
        href="/clients?state=online"
        note={t('kpi.credentials', { count: stats.credentials })}
        change={
          overview && <Change {...overview.online} now={stats.clientsOnline} more="neutral" range={range} />
        }
        {...trend('online', 'text-faint')}
      />
      <Stat
        label={t('kpi.accepted')}
        icon={<CircleCheck {...ICON} />}
        tone="accepted"
        value={decided('accepted')}
        note={perMinute(stats.acceptedPerMinute)}
        change={overview && <Change {...overview.accepted} more="neutral" range={range} />}
        {...trend('accepted', 'text-accepted')}
      />
      <Stat
        label={t('kpi.refused')}
        icon={<CircleX {...ICON} />}
        tone="refused"
        value={decided('refused')}
        href={rows}
        note={perMinute(stats.refusedPerMinute)}
        change={overview && <Change {...overview.refused} more="bad" range={range} />}
        {...trend('refused', 'text-refused')}
      />
      <Stat
        label={t('kpi.ratio')}
        icon={<Percent {...ICON} />}
        value={ratio === null ? '—' : formatRatio(ratio)}
        href={rows}
        note={ratio === null ? t('kpi.nobody') : t('kpi.ratioNote')}
        change={
          overview && (
            <Change
              {...overview.refusalRatio}
              of="ratio"
              more="bad"
              nobody={overview.refused.before !== null}
              range={range}
            />
          )
        }
      />
      <ClientsStat overview={overview} range={range} />
      <RecorderStat recorder={stats.recorder} />
    </div>
  );
}

/** Who is behind the refusals: clients, and those of them that are new. */
function ClientsStat({ overview, range }: Pick<KpisProps, 'overview' | 'range'>) {
  const { formatCompact } = useFormat();
  const t = useText('overview');
  const shown = ({ clients, isExact }: { readonly clients: number; readonly isExact: boolean }): string =>
    `${formatCompact(clients)}${isExact ? '' : '+'}`;
  const { refusedClients, newClients } = overview ?? {};
  return (
    <Stat
      label={t('kpi.clients')}
      icon={<UsersRound {...ICON} />}
      tone="refused"
      value={refusedClients === undefined ? '—' : estimated(refusedClients, formatCompact)}
      href={rowsOf(range.range)}
      note={
        newClients && (
          <Link href={newRowsOf(range.range)} prefetch={false} className="text-accent hover:underline">
            {t('kpi.new', { count: newClients.clients, shown: shown(newClients) })}
          </Link>
        )
      }
      change={
        newClients && (
          <Change
            now={newClients.isExact ? newClients.clients : null}
            before={newClients.before.isExact ? newClients.before.clients : null}
            more="bad"
            range={range}
          />
        )
      }
    />
  );
}

/** A count, marked where it was estimated. */
const estimated = (
  { clients, isExact }: OverviewDto['refusedClients'],
  formatCompact: (value: number) => string,
): string => `${isExact ? '' : '≈ '}${formatCompact(clients)}`;

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
