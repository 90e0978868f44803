'use client';

import { formatCompact } from '@/lib/format';
import { useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { STATES } from '@/lib/unauthorized/view';
import { Segments } from '../segments';

interface StateFacetProps {
  readonly control: ViewControl;
  readonly counts: readonly { readonly value: string; readonly count: number }[];
}

/** Those still refused, those who got in since, or both. */
export function StateFacet({ control, counts }: StateFacetProps) {
  const t = useText('unauthorized');
  return (
    <Segments
      label={t('field.state')}
      value={control.view.state}
      options={STATES.map((state) => ({
        value: state,
        label: t(`state.${state}`),
        ...(state === 'all'
          ? {}
          : { note: formatCompact(counts.find((one) => one.value === state)?.count ?? 0) }),
      }))}
      onChange={(state) => control.change({ state })}
    />
  );
}
