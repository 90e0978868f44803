'use client';

import type { HistogramDto } from '@gatehouse/contract';
import { Table2 } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import { StackedChart } from '@/components/charts/stacked-chart';
import { IconButton } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/states';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { FAMILY_LOOK, FAMILY_ORDER } from '@/lib/reasons';
import { onlyThis } from '@/lib/unauthorized/set-choice';
import { useHistogram } from '@/lib/unauthorized/use-list';
import type { ViewControl } from '@/lib/unauthorized/use-view';

const HistogramTable = lazyPart(() => import('./histogram-table').then((module) => module.HistogramTable));

type FamilyCount = { readonly family: (typeof FAMILY_ORDER)[number]; readonly count: number };

const countFamilies = ({ buckets }: HistogramDto): readonly FamilyCount[] =>
  FAMILY_ORDER.map((family) => ({
    family,
    count: buckets.reduce((sum, bucket) => sum + (bucket.counts[family] ?? 0), 0),
  })).filter(({ count }) => count > 0);

interface HistogramProps {
  readonly control: ViewControl;
}

/** When the clients shown last tried, by family. Drag over it to narrow the range. */
export const Histogram = memo(function Histogram({ control }: HistogramProps) {
  const t = useText('unauthorized');
  const { data, isPlaceholderData } = useHistogram(control.view);
  const [asTable, setAsTable] = useState(false);
  const families = useMemo(() => (data === undefined ? [] : countFamilies(data)), [data]);
  return (
    <section aria-label={t('histogram.label')} className="card flex flex-col gap-1 px-3 pt-2 pb-2">
      <div className={cx('h-16 transition-opacity', isPlaceholderData && 'opacity-55')}>
        {data === undefined ? (
          <Skeleton className="size-full" />
        ) : (
          <Chart data={data} families={families} control={control} />
        )}
      </div>
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        <Legend families={families} control={control} />
        <span className="ms-auto hidden sm:inline">{t('histogram.hint')}</span>
        <IconButton
          label={t('histogram.asTable')}
          className="max-sm:ms-auto"
          onClick={() => setAsTable(true)}
        >
          <Table2 aria-hidden />
        </IconButton>
      </div>
      {asTable && data !== undefined && <HistogramTable data={data} onClose={() => setAsTable(false)} />}
    </section>
  );
});

interface ChartProps {
  readonly data: HistogramDto;
  readonly families: readonly FamilyCount[];
  readonly control: ViewControl;
}

function Chart({ data, families, control }: ChartProps) {
  const t = useText('unauthorized');
  const names = useText('reasons');
  const times = useMemo(() => data.buckets.map((bucket) => new Date(bucket.at).getTime()), [data]);
  const series = families.map(({ family }) => ({
    key: family,
    label: names(`family.${family}`),
    variable: FAMILY_LOOK[family].variable,
    values: data.buckets.map((bucket) => bucket.counts[family] ?? 0),
  }));
  return (
    <StackedChart
      compact
      label={t('histogram.label')}
      times={times}
      series={series}
      onBrush={(from, to) => control.change({ from: new Date(from), to: new Date(to), range: null })}
      onPick={(family) => control.change({ family: onlyThis(control.view.family, family) })}
    />
  );
}

/** Share of each family; a click shows only it. */
function Legend({ families, control }: Pick<ChartProps, 'families' | 'control'>) {
  const { formatRatio } = useFormat();
  const t = useText('unauthorized');
  const names = useText('reasons');
  const total = families.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return <span>{t('histogram.none')}</span>;
  return (
    <ul className="flex flex-wrap gap-x-1">
      {families.map(({ family, count }) => (
        <li key={family}>
          <button
            type="button"
            aria-pressed={control.view.family?.include.includes(family) ?? false}
            onClick={() => control.change({ family: onlyThis(control.view.family, family) })}
            className="flex h-6 items-center gap-1.5 rounded-sm px-1 hover:bg-hover hover:text-fg"
          >
            <span aria-hidden className={cx('size-2.5 rounded-sm', FAMILY_LOOK[family].fill)} />
            {names(`family.${family}`)} <span className="nums">{formatRatio(count / total)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
