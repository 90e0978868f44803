import type { FacetsDto, unauthorizedFilterParams } from '@gatehouse/contract';
import type { FacetValue } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { toUnauthorizedFilter } from './filter.ts';

const copied = (values: readonly FacetValue[]) => values.map(({ value, count }) => ({ value, count }));

export const unauthorizedFacets = async (
  ctx: Context,
  query: z.output<typeof unauthorizedFilterParams>,
): Promise<FacetsDto> => {
  authorize(ctx, 'unauthorized:read');
  const facets = await ctx.house.store.unauthorized.facets(toUnauthorizedFilter(query));
  return {
    ...facets,
    reason: copied(facets.reason),
    family: copied(facets.family),
    tlsUsed: copied(facets.tlsUsed),
    passwordProvided: copied(facets.passwordProvided),
    protocol: copied(facets.protocol),
    listener: copied(facets.listener),
    state: copied(facets.state),
  };
};
