'use client';

import { memo } from 'react';
import { ClientText } from '@/components/ui/client-text';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { type Text, useFormat, useText } from '@/lib/i18n';
import { activeFilters, type ActiveFilter } from '@/lib/unauthorized/active-filters';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { FacetName } from './facet-group';

/** The filters that are on, each with its cross. */
export const ActiveFilters = memo(function ActiveFilters({ control }: { readonly control: ViewControl }) {
  const t = useText('unauthorized');
  const filters = activeFilters(control.view);
  if (filters.length === 0) return null;
  return (
    <FilterBar onClear={control.clear}>
      {filters.map((filter) => (
        <FilterChip
          key={filter.key}
          label={filterLabel(t, filter)}
          onRemove={() => control.change(filter.without)}
        >
          <FilterValue filter={filter} />
        </FilterChip>
      ))}
    </FilterBar>
  );
});

/** "client ID starts with", "not listener". */
export function filterLabel(t: Text, filter: ActiveFilter): string {
  switch (filter.kind) {
    case 'set':
      return filter.excluded
        ? t('chip.not', { field: t(`field.${filter.field}`) })
        : t('chip.is', { field: t(`field.${filter.field}`) });
    case 'text':
      return `${t(`field.${filter.field}`)} ${t(`operator.${filter.operator}`)}`;
    case 'flag':
    case 'state':
      return t('chip.is', { field: t(`field.${filter.kind === 'flag' ? filter.field : 'state'}`) });
    case 'time':
    case 'first':
      return t(`field.${filter.kind}`);
  }
}

/** What the filter looks for. */
export function FilterValue({ filter }: { readonly filter: ActiveFilter }) {
  const { formatAbsolute } = useFormat();
  const t = useText('unauthorized');
  switch (filter.kind) {
    case 'set':
      return <FacetName field={filter.field} value={filter.value} />;
    case 'text':
      return <ClientText text={filter.value} max={40} />;
    case 'flag':
      return t(filter.value ? 'flag.yes' : 'flag.no');
    case 'state':
      return t(`state.${filter.state}`);
    case 'time':
    case 'first': {
      const at = (time: Date | null): string => (time === null ? '…' : formatAbsolute(time.toISOString()));
      return `${at(filter.from)} – ${at(filter.to)}`;
    }
  }
}
