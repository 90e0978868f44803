'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';

const COUNTS = ['allow', 'deny', 'ignore', 'error'] as const;
const TONES = { allow: 'text-accepted', deny: 'text-refused', ignore: '', error: 'text-refused' } as const;

/** What it answered since the start, how fast, and what went wrong last. */
export function StepStats({ stats }: { readonly stats: AuthenticatorDto['stats'] }) {
  const { formatCompact, formatMs } = useFormat();
  const t = useText('authentication');
  const common = useText('common');
  if (stats === null) return <span className="text-sm text-faint">{t('stats.none')}</span>;
  const times = [
    ['p50', stats.p50Ms],
    ['p95', stats.p95Ms],
  ] as const;
  return (
    <div className="min-w-0 text-sm">
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5">
        {COUNTS.map((outcome) => (
          <div key={outcome} className="flex gap-1.5">
            <dt className="text-muted">{common(`outcome.${outcome}`)}</dt>
            <dd className={cx('nums', stats[outcome] === 0 ? 'text-faint' : TONES[outcome])}>
              {formatCompact(stats[outcome])}
            </dd>
          </div>
        ))}
        {times.map(([name, ms]) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-muted">{name}</dt>
            <dd className={cx('nums', ms === null && 'text-faint')}>
              {ms === null ? common('none') : formatMs(ms)}
            </dd>
          </div>
        ))}
      </dl>
      {stats.lastError !== null && (
        <p className="text-xs text-muted">
          {t('stats.lastError')} <RelativeTime iso={stats.lastError.at} focusable />:{' '}
          <VisibleSentence text={stats.lastError.text} />
        </p>
      )}
    </div>
  );
}
