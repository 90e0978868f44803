import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { unauthorizedFacets } from '../../services/unauthorized/facets.ts';

export const routeGetUnauthorizedFacets = (app: FastifyInstance): void => {
  serve(app, 'getUnauthorizedFacets', ({ ctx, query }) => unauthorizedFacets(ctx, query));
};
