'use client';

import { useMemo } from 'react';
import { cx } from '@/lib/cx';
import { CountAxis, CountLines, TimeAxis } from './chart-axes';
import { barsOf, spanOf, topOf, type Bar } from './scale';
import type { StackedChartProps } from './types';
import { useBrush, type Brushed } from './use-brush';

/** Share of its step that a bar fills. */
const BAR_SHARE = 0.86;

const percent = (share: number): string => `${share * 100}%`;

/** Stacked bars over time: drag to choose a range, click a part of a bar to pick it. Colours follow the theme. */
export function StackedChart(props: StackedChartProps) {
  const { label, times, series, compact = false } = props;
  const bars = useMemo(() => barsOf(series, times.length), [series, times]);
  const top = topOf(bars);
  const span = spanOf(times);
  const { brushed, handlers } = useBrush(props, { span, top, bars });
  return (
    <div role="group" aria-label={label} className={cx('flex w-full', compact ? 'h-16' : 'h-56 pt-2 pr-5')}>
      {!compact && (
        <div className="pb-6">
          <CountAxis top={top} />
        </div>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <svg
          aria-hidden
          {...handlers}
          className={cx(
            'min-h-0 w-full flex-1 touch-pan-y',
            props.onBrush !== undefined && 'cursor-crosshair',
          )}
        >
          {!compact && <CountLines top={top} />}
          {bars.map((bar) => (
            <BarPart key={`${bar.index} ${bar.key}`} bar={bar} count={times.length} top={top} />
          ))}
          {brushed !== null && <BrushMark brushed={brushed} />}
        </svg>
        {!compact && <TimeAxis span={span} />}
      </div>
    </div>
  );
}

interface BarPartProps {
  readonly bar: Bar;
  readonly count: number;
  readonly top: number;
}

const BarPart = ({ bar, count, top }: BarPartProps) => (
  <rect
    x={percent((bar.index + (1 - BAR_SHARE) / 2) / count)}
    y={percent(1 - (bar.bottom + bar.value) / top)}
    width={percent(BAR_SHARE / count)}
    height={percent(bar.value / top)}
    fill={`var(${bar.variable})`}
  />
);

/** What is dragged over, or a line under the pointer. */
const BrushMark = ({ brushed: { from, to } }: { readonly brushed: Brushed }) => (
  <rect
    x={percent(Math.min(from, to))}
    y="0"
    width={from === to ? 1 : percent(Math.abs(to - from))}
    height="100%"
    className="pointer-events-none fill-fg opacity-15"
  />
);
