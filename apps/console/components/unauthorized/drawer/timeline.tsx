'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { ReasonChip } from '@/components/ui/reason-chip';
import { Skeleton } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { AbsoluteTime } from '@/components/ui/time';
import type { Format } from '@/lib/format';
import { type Text, useFormat, useText } from '@/lib/i18n';
import type { AttemptDto } from '@/lib/unauthorized/resources';
import { timelineBars, rhythmOf } from '@/lib/unauthorized/timeline';
import { Section } from './section';

const WIDTH = 240;
const HEIGHT = 36;
const ROWS_SHOWN = 50;

interface TimelineProps {
  readonly row: UnauthorizedClientDetailDto;
  /** Newest first; undefined while they are read. */
  readonly attempts: readonly AttemptDto[] | undefined;
}

/** When it tried: the shape, the rhythm in words, and each attempt that is kept. */
export function Timeline({ row, attempts }: TimelineProps) {
  const format = useFormat();
  const { formatNumber } = format;
  const t = useText('unauthorized');
  return (
    <Section title={t('drawer.timeline')} aside={rhythm(t, row, format)}>
      {attempts === undefined ? (
        <Skeleton className="h-9 w-full" />
      ) : (
        <>
          <Bars attempts={attempts} />
          <p className="mt-1 text-xs text-muted">
            {t('timeline.from', { count: row.ips.length, shown: row.ips.join(', ') })}
            {row.attempts > attempts.length &&
              ` ${t('timeline.kept', { kept: formatNumber(attempts.length), all: formatNumber(row.attempts) })}`}
          </p>
          <AttemptList attempts={attempts.slice(0, ROWS_SHOWN)} />
        </>
      )}
    </Section>
  );
}

function rhythm(
  t: Text,
  { evidence: { interval } }: UnauthorizedClientDetailDto,
  { formatNumber }: Format,
): string {
  if (interval === null) return '';
  const { kind, seconds } = rhythmOf(interval);
  return t(`rhythm.${kind}`, { seconds: formatNumber(seconds) });
}

function Bars({ attempts }: { readonly attempts: readonly AttemptDto[] }) {
  const { formatDayMinute } = useFormat();
  const bars = timelineBars(attempts.map((attempt) => new Date(attempt.at).getTime()));
  if (bars === null) return null;
  const step = WIDTH / bars.counts.length;
  const top = Math.max(...bars.counts);
  return (
    <div aria-hidden className="text-xs text-faint">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-9 w-full border-b border-line"
      >
        {bars.counts.map((count, index) => (
          <rect
            key={index}
            x={index * step + step * 0.1}
            width={step * 0.8}
            y={HEIGHT - (count / top) * HEIGHT}
            height={(count / top) * HEIGHT}
            className="fill-refused-solid"
          />
        ))}
      </svg>
      <div className="nums flex justify-between pt-0.5">
        <span suppressHydrationWarning>{formatDayMinute(bars.from)}</span>
        <span suppressHydrationWarning>{formatDayMinute(bars.to)}</span>
      </div>
    </div>
  );
}

function AttemptList({ attempts }: { readonly attempts: readonly AttemptDto[] }) {
  const t = useText('unauthorized');
  return (
    <details className="mt-2 text-sm">
      <summary className="min-h-6 text-accent hover:underline">
        {t('timeline.list', { count: attempts.length })}
      </summary>
      <div className="mt-2 rounded-md border border-line">
        <Table label={t('drawer.timeline')}>
          <TableHead>
            <th scope="col" className={th}>
              {t('timeline.at')}
            </th>
            <th scope="col" className={th}>
              {t('column.ip')}
            </th>
            <th scope="col" className={th}>
              {t('column.reason')}
            </th>
            <th scope="col" className={th}>
              {t('timeline.ref')}
            </th>
          </TableHead>
          <tbody>
            {attempts.map((attempt) => (
              <tr key={`${attempt.ref} ${attempt.at}`} className={tr}>
                <td className={td}>
                  <AbsoluteTime iso={attempt.at} />
                </td>
                <td className={`${td} mono`}>{attempt.ip}</td>
                <td className={td}>
                  <ReasonChip code={attempt.reason} />
                </td>
                <td className={`${td} mono text-xs text-muted select-all`}>{attempt.ref}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  );
}
