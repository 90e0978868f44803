'use client';

import type { StatsDto } from '@gatehouse/contract';
import { Card, Fact, Facts } from '@/components/ui/page';
import { RelativeTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';

/** The machine behind the numbers. */
export function ServerCard({ stats }: { readonly stats: StatsDto }) {
  const t = useText('overview');
  return (
    <Card title={t('server.title')} className="lg:col-span-2">
      <div className="grid gap-x-8 gap-y-1.5 p-4 lg:grid-cols-2">
        <Traffic stats={stats} />
        <Health stats={stats} />
      </div>
    </Card>
  );
}

function Traffic({ stats }: { readonly stats: StatsDto }) {
  const { formatBytes, formatCompact } = useFormat();
  const t = useText('overview');
  const { totals } = stats;
  return (
    <Facts>
      <Fact label={t('server.node')}>
        <span className="mono">{stats.node}</span> · {stats.version}
      </Fact>
      <Fact label={t('server.started')}>
        <RelativeTime iso={stats.startedAt} focusable />
      </Fact>
      <Fact label={t('server.messages')}>
        <span className="nums">
          {t('server.inOut', {
            received: formatCompact(totals.messagesReceived),
            sent: formatCompact(totals.messagesSent),
          })}
        </span>
      </Fact>
      <Fact label={t('server.bytes')}>
        <span className="nums">
          {t('server.inOut', {
            received: formatBytes(totals.bytesReceived),
            sent: formatBytes(totals.bytesSent),
          })}
        </span>
      </Fact>
    </Facts>
  );
}

function Health({ stats: { recorder, journal, eventLoopLagMs, memory } }: { readonly stats: StatsDto }) {
  const { formatBytes, formatMs, formatNumber } = useFormat();
  const t = useText('overview');
  return (
    <Facts>
      <Fact label={t('server.recorder')}>
        <span className="nums">
          {t('server.recorderFill', {
            entries: formatNumber(recorder.entries),
            max: formatNumber(recorder.entriesMax),
            dropped: formatNumber(recorder.dropped),
          })}
        </span>
      </Fact>
      <Fact label={t('server.journal')}>
        <span className="nums">
          {journal.enabled
            ? t('server.journalFill', {
                bytes: formatBytes(journal.bytes),
                waiting: formatBytes(journal.backlogBytes),
              })
            : t('server.journalMemory')}
        </span>
      </Fact>
      <Fact label={t('server.lag')}>
        <span className="nums">
          {formatMs(eventLoopLagMs.p50)} · {formatMs(eventLoopLagMs.p99)}
        </span>
      </Fact>
      <Fact label={t('server.memory')}>
        <span className="nums">{formatBytes(memory.rssBytes)}</span>
      </Fact>
    </Facts>
  );
}
