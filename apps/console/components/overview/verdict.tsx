'use client';

import type { OverviewDto } from '@gatehouse/contract';
import { CircleHelp, Equal, TrendingDown, TrendingUp } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import type { OverviewRange } from './use-overview-range';

const LOOK = {
  worse: { icon: TrendingUp, tone: 'bg-refused-soft', mark: 'text-refused' },
  better: { icon: TrendingDown, tone: 'bg-accepted-soft', mark: 'text-accepted' },
  steady: { icon: Equal, tone: 'bg-surface', mark: 'text-muted' },
  unknown: { icon: CircleHelp, tone: 'bg-surface', mark: 'text-muted' },
} as const;

/** Whether refusals grow, in one sentence; the server decides what counts as a change. */
export function Verdict({
  overview,
  range,
}: {
  readonly overview: OverviewDto;
  readonly range: OverviewRange;
}) {
  const { formatCompact } = useFormat();
  const t = useText('overview');
  const { trend, refused } = overview;
  const { icon: Icon, tone, mark } = LOOK[trend];
  const period = t(`before.${range.custom ? 'custom' : range.key}`);
  return (
    <p
      data-trend={trend}
      className={cx('flex flex-wrap items-center gap-x-2 rounded-md border border-line px-3 py-2', tone)}
    >
      <Icon aria-hidden className={cx('size-4 shrink-0', mark)} />
      <strong className="font-semibold">{t(`trend.${trend}`)}</strong>
      <span className="nums text-muted">
        {t(refused.before === null ? 'trend.alone' : 'trend.sentence', {
          now: formatCompact(refused.now ?? 0),
          before: formatCompact(refused.before ?? 0),
          period,
        })}
      </span>
    </p>
  );
}
