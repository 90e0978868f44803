'use client';

import { cx } from '@/lib/cx';
import { formatDayMinute, formatMinute, formatNumber } from '@/lib/format';
import { useHydrated } from '@/lib/use-hydrated';
import { countTicks, timeTicks, type Span } from './scale';

const DAY_MS = 86_400_000;
const SHORT_LABELS_MAX = 12;
const LONG_LABELS_MAX = 7;

const LABEL = 'fill-muted text-2xs nums';

/** Counts, at the left of the plot. */
export const CountAxis = ({ top }: { readonly top: number }) => (
  <svg aria-hidden className="h-full w-10 shrink-0 overflow-visible">
    {countTicks(top).map((tick) => (
      <text key={tick} x="32" y={`${100 - (tick / top) * 100}%`} dy="4" textAnchor="end" className={LABEL}>
        {formatNumber(tick)}
      </text>
    ))}
  </svg>
);

/** Lines across the plot at the counts. */
export const CountLines = ({ top }: { readonly top: number }) =>
  countTicks(top).map((tick) => {
    const y = `${100 - (tick / top) * 100}%`;
    return <line key={tick} x1="0" x2="100%" y1={y} y2={y} className="stroke-line" />;
  });

/** Times below the plot, in the reader's time zone, which only the browser knows. Narrow windows show half. */
export function TimeAxis({ span }: { readonly span: Span }) {
  const hydrated = useHydrated();
  const long = span.to - span.from > DAY_MS;
  const format = long ? formatDayMinute : formatMinute;
  const ticks = hydrated ? timeTicks(span, long ? LONG_LABELS_MAX : SHORT_LABELS_MAX) : [];
  return (
    <svg aria-hidden className="h-6 w-full overflow-visible">
      {ticks.map((tick, index) => (
        <text
          key={tick}
          x={`${((tick - span.from) / (span.to - span.from)) * 100}%`}
          y="18"
          textAnchor="middle"
          className={cx(LABEL, index % 2 === 1 && 'max-sm:hidden')}
        >
          {format(tick)}
        </text>
      ))}
    </svg>
  );
}
