'use client';

import { useId } from 'react';
import { useFormat, useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { STATES } from '@/lib/unauthorized/view';

interface StateFacetProps {
  readonly control: ViewControl;
  readonly counts: readonly { readonly value: string; readonly count: number }[];
}

/** Those still refused, those who got in since, or both. */
export function StateFacet({ control, counts }: StateFacetProps) {
  const { formatCompact } = useFormat();
  const t = useText('unauthorized');
  const name = useId();
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const countOf = (state: string): number =>
    state === 'all' ? all : (counts.find((one) => one.value === state)?.count ?? 0);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-xs font-medium text-muted">{t('field.state')}</legend>
      {STATES.map((state) => (
        <label
          key={state}
          className="flex h-7 cursor-pointer items-center gap-2 rounded-sm px-1 hover:bg-hover"
        >
          <input
            type="radio"
            name={name}
            className="size-4 accent-accent"
            checked={control.view.state === state}
            onChange={() => control.change({ state })}
          />
          <span className="flex-1">{t(`state.${state}`)}</span>
          <span className="nums text-xs text-muted">{formatCompact(countOf(state))}</span>
        </label>
      ))}
    </fieldset>
  );
}
