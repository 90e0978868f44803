'use client';

import { useFormat, useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import type { FlagField } from '@/lib/unauthorized/view';
import { Segments } from '@/components/ui/segments';

interface FlagFacetProps {
  readonly control: ViewControl;
  readonly field: FlagField;
  readonly counts: readonly { readonly value: string; readonly count: number }[];
}

/** Either, with or without. */
export function FlagFacet({ control, field, counts }: FlagFacetProps) {
  const { formatCompact } = useFormat();
  const t = useText('unauthorized');
  const countOf = (value: string): string =>
    formatCompact(counts.find((one) => one.value === value)?.count ?? 0);
  return (
    <Segments
      label={t(`field.${field}`)}
      value={String(control.view[field] ?? 'any')}
      options={[
        { value: 'any', label: t('flag.any') },
        { value: 'true', label: t('flag.yes'), note: countOf('true') },
        { value: 'false', label: t('flag.no'), note: countOf('false') },
      ]}
      onChange={(value) => control.change({ [field]: value === 'any' ? null : value === 'true' })}
    />
  );
}
