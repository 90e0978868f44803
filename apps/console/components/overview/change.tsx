'use client';

import { Equal, TrendingDown, TrendingUp } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import type { OverviewRange } from './use-overview-range';

/** What a change means: more of it is bad, good, or neither. */
type Meaning = 'bad' | 'good' | 'neutral';

interface ChangeProps {
  readonly now: number | null;
  readonly before: number | null;
  readonly range: OverviewRange;
  readonly more: Meaning;
  /** `ratio`: 0…1, whose change is told in percentage points. */
  readonly of?: 'count' | 'ratio';
  /** Nothing is known of the period before because nobody came, not because nothing is kept of it. */
  readonly nobody?: boolean;
}

const POINTS = 100;
const TONE = { bad: 'text-refused', good: 'text-accepted', neutral: 'text-muted' } as const;
const OPPOSITE = { bad: 'good', good: 'bad', neutral: 'neutral' } as const;

/** A number against the period before: an icon, how much by a signed number, and the words. */
export function Change({ now, before, range, more, of = 'count', nobody = false }: ChangeProps) {
  const { formatSigned, formatSignedRatio } = useFormat();
  const t = useText('overview');
  const period = t(`before.${range.custom ? 'custom' : range.key}`);
  if (now === null || before === null)
    return <p className="text-xs text-muted">{t(nobody ? 'change.nobody' : 'change.unknown', { period })}</p>;
  const change = of === 'ratio' ? Math.round((now - before) * POINTS) : now - before;
  const direction = change === 0 ? 'same' : change > 0 ? 'more' : 'fewer';
  const Icon = { same: Equal, more: TrendingUp, fewer: TrendingDown }[direction];
  const tone = direction === 'same' ? 'neutral' : direction === 'more' ? more : OPPOSITE[more];
  const share = of === 'count' && before > 0 ? formatSignedRatio(change / before) : '';
  return (
    <p className="flex items-start gap-1 text-xs text-muted" data-change={direction}>
      <Icon aria-hidden className={cx('mt-0.5 size-3 shrink-0', TONE[tone])} />
      <span>
        {t(`change.${of}.${direction}`, {
          change: formatSigned(change),
          share: share === '' ? 'none' : 'some',
          percent: share,
          period,
        })}
      </span>
    </p>
  );
}
