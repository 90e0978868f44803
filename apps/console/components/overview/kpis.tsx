'use client';

import type { StatsDto } from '@gatehouse/contract';
import { CircleCheck, CircleX, Disc, Percent, PlugZap } from 'lucide-react';
import { Stat } from '@/components/ui/stat';
import { formatCompact, formatNumber, formatRatio } from '@/lib/format';
import { useText } from '@/lib/i18n';

const ICON = { 'aria-hidden': true } as const;
const rate = (perMinute: number): string =>
  formatCompact(perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute));

/** The five numbers of the house. */
export function Kpis({ stats }: { readonly stats: StatsDto }) {
  const t = useText('overview');
  const { totals, recorder } = stats;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
      <Stat
        label={t('kpi.online')}
        icon={<PlugZap {...ICON} />}
        value={formatCompact(stats.clientsOnline)}
        note={t('kpi.credentials', { count: stats.credentials })}
      />
      <Stat
        label={t('kpi.accepted')}
        icon={<CircleCheck {...ICON} />}
        tone="accepted"
        value={rate(stats.acceptedPerMinute)}
        unit={t('kpi.perMinute')}
        note={t('kpi.sinceStart', { count: formatNumber(totals.accepted) })}
      />
      <Stat
        label={t('kpi.refused')}
        icon={<CircleX {...ICON} />}
        tone="refused"
        value={rate(stats.refusedPerMinute)}
        unit={t('kpi.perMinute')}
        note={t('kpi.sinceStart', { count: formatNumber(totals.refused) })}
      />
      <Stat
        label={t('kpi.ratio')}
        icon={<Percent {...ICON} />}
        value={stats.refusalRatio === null ? '—' : formatRatio(stats.refusalRatio)}
        note={stats.refusalRatio === null ? t('kpi.nobody') : t('kpi.ratioNote')}
      />
      <Stat
        label={t('kpi.recorder')}
        icon={<Disc {...ICON} />}
        tone={recorder.dropped > 0 ? 'ignored' : 'neutral'}
        value={recorder.recording ? formatCompact(recorder.entries) : t('kpi.off')}
        {...(recorder.recording ? { unit: t('kpi.clients') } : {})}
        note={
          recorder.dropped > 0
            ? t('kpi.dropped', { count: recorder.dropped })
            : recorder.aggregated > 0
              ? t('kpi.aggregated', { count: recorder.aggregated })
              : t('kpi.itemised')
        }
      />
    </div>
  );
}
