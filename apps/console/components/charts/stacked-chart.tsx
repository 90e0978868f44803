'use client';

import { Skeleton } from '@/components/ui/states';
import { lazyPart } from '@/lib/lazy-part';
import type { StackedChartProps } from './types';

/** uPlot comes after the page: the chart's room is kept meanwhile. */
const Lazy = lazyPart(
  () => import('./stacked-chart-canvas').then((module) => module.StackedChartCanvas),
  () => <Skeleton className="size-full" />,
);

export function StackedChart(props: StackedChartProps) {
  return (
    <div className="w-full" role="group" aria-label={props.label}>
      <div className={props.compact === true ? 'h-16' : 'h-56'}>
        <Lazy {...props} />
      </div>
    </div>
  );
}
