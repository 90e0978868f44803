'use client';

import type { SeriesDto, StatsDto } from '@gatehouse/contract';
import { Card, Fact, Facts } from '@/components/ui/page';
import { Sparkline } from '@/components/ui/sparkline';
import { useFormat, useText } from '@/lib/i18n';
import type { TimeRange } from '@/lib/range';
import { trendOf } from './refusal-series';

interface TrafficCardProps {
  readonly stats: StatsDto;
  readonly series: SeriesDto | undefined;
  readonly range: TimeRange;
}

const ONE_DECIMAL_BELOW = 100;
const rounded = (perSecond: number): number =>
  perSecond < ONE_DECIMAL_BELOW ? Math.round(perSecond * 10) / 10 : Math.round(perSecond);

/** Messages and bytes per second, and what became of the messages that were dropped. */
export function TrafficCard({ stats, series, range }: TrafficCardProps) {
  const { formatBytes, formatCompact } = useFormat();
  const t = useText('overview');
  const { rates } = stats;
  const rows = [
    ['messagesReceived', t('traffic.perSecond', { count: formatCompact(rounded(rates.messagesReceived)) })],
    ['messagesSent', t('traffic.perSecond', { count: formatCompact(rounded(rates.messagesSent)) })],
    ['bytesReceived', t('traffic.perSecond', { count: formatBytes(Math.round(rates.bytesReceived)) })],
    ['bytesSent', t('traffic.perSecond', { count: formatBytes(Math.round(rates.bytesSent)) })],
  ] as const;
  return (
    <Card title={t('traffic.title')} className="lg:col-span-2">
      <div className="grid gap-x-8 gap-y-4 p-4 lg:grid-cols-2">
        <dl className="grid grid-cols-2 gap-x-8 gap-y-3">
          {rows.map(([name, value]) => (
            <div key={name} className="min-w-0">
              <dt className="text-sm text-muted">{t(`traffic.${name}`)}</dt>
              <dd className="nums text-lg font-semibold">{value}</dd>
              {series !== undefined && (
                <dd>
                  <Sparkline values={trendOf(series, range, name)} className="text-faint" />
                </dd>
              )}
            </div>
          ))}
        </dl>
        <Drops stats={stats} />
      </div>
    </Card>
  );
}

function Drops({ stats }: Pick<TrafficCardProps, 'stats'>) {
  const { formatNumber } = useFormat();
  const t = useText('overview');
  const dropped = Object.entries(stats.droppedByReason)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one);
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-sm font-medium">{t('traffic.dropped', { count: stats.totals.dropped })}</h3>
      {dropped.length === 0 ? (
        <p className="text-sm text-muted">{t('traffic.noneDropped')}</p>
      ) : (
        <Facts>
          {dropped.map(([reason, count]) => (
            <Fact key={reason} label={t(`traffic.reason.${reason}`)}>
              <span className="nums">{formatNumber(count)}</span>
            </Fact>
          ))}
        </Facts>
      )}
    </div>
  );
}
