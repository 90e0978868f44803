'use client';

import type { FacetsDto } from '@gatehouse/contract';
import { memo } from 'react';
import { useText } from '@/lib/i18n';
import { useOwnFacets } from '@/lib/unauthorized/use-own-facets';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { useFacets } from '@/lib/unauthorized/use-list';
import type { View } from '@/lib/unauthorized/view';
import { FacetGroup } from './facet-group';
import { FlagFacet } from './flag-facet';
import { PanelSkeleton } from './panel-skeleton';
import { StateFacet } from './state-facet';

interface FilterPanelProps {
  readonly control: ViewControl;
  /** What is counted: a little behind the control's, so that what was clicked shows before the counts are drawn. */
  readonly view: View;
}

/** Every filter that has few values, with how many clients each would show. */
export const FilterPanel = memo(function FilterPanel({ control, view }: FilterPanelProps) {
  const t = useText('unauthorized');
  const { data } = useFacets(view);
  const facets = useOwnFacets(view, data);
  if (facets === undefined) return <PanelSkeleton />;
  return (
    <div role="group" aria-label={t('filters.label')} className="flex flex-col gap-4 text-sm">
      <SetFacets control={control} facets={facets} />
      <FlagFacet control={control} field="tlsUsed" counts={facets.tlsUsed} />
      <FlagFacet control={control} field="passwordProvided" counts={facets.passwordProvided} />
      <StateFacet control={control} counts={facets.state} />
      {facets.approximate && <p className="text-xs text-faint">{t('approximate')}</p>}
    </div>
  );
});

function SetFacets({ control, facets }: { readonly control: ViewControl; readonly facets: FacetsDto }) {
  return (
    <>
      <FacetGroup control={control} field="family" counts={facets.family} />
      <FacetGroup control={control} field="reason" counts={facets.reason} />
      <FacetGroup control={control} field="listener" counts={facets.listener} />
      <FacetGroup control={control} field="protocol" counts={facets.protocol} />
    </>
  );
}
