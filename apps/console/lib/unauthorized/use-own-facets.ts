'use client';

import type { FacetsDto } from '@gatehouse/contract';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { api } from '@/lib/api';
import { useNow } from '@/lib/now';
import { keyOf } from '@/lib/resource';
import { patched } from './active-filters';
import { NOW_STEP_MS, facetsResource } from './query';
import type { View, ViewPatch } from './view';

type CountedField = 'family' | 'reason' | 'protocol' | 'listener' | 'tlsUsed' | 'passwordProvided' | 'state';

const WITHOUT: Readonly<Record<CountedField, ViewPatch>> = {
  family: { family: null },
  reason: { reason: null },
  protocol: { protocol: null },
  listener: { listener: null },
  tlsUsed: { tlsUsed: null },
  passwordProvided: { passwordProvided: null },
  state: { state: 'all' },
};
const FIELDS = Object.keys(WITHOUT) as readonly CountedField[];

/** A field that is filtered would only count what its filter lets through. */
const isFiltered = (view: View, field: CountedField): boolean =>
  field === 'state' ? view.state !== 'all' : view[field] !== null;

/**
 * The counts of each field as they are without that field's own filter, so that the other values can be added.
 * One more read per filtered field.
 */
export function useOwnFacets(view: View, counted: FacetsDto | undefined): FacetsDto | undefined {
  const now = useNow(NOW_STEP_MS);
  const filtered = FIELDS.filter((field) => isFiltered(view, field));
  const reads = useQueries({
    queries: filtered.map((field) => {
      const target = facetsResource(patched(view, WITHOUT[field]), now);
      return {
        queryKey: keyOf(target),
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          api.get<FacetsDto>(target.path, { query: target.query, signal }),
        placeholderData: keepPreviousData,
      };
    }),
  });
  if (counted === undefined) return undefined;
  const own = filtered.map((field, index) => [field, reads[index]?.data?.[field] ?? counted[field]] as const);
  return { ...counted, ...Object.fromEntries(own) };
}
