import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getOverview } from '../../services/stats/overview.ts';

export const routeGetOverview = (app: FastifyInstance): void => {
  serve(app, 'getOverview', ({ ctx, query }) => getOverview(ctx, query));
};
