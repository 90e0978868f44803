import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getSeries } from '../../services/stats/series.ts';

export const routeGetSeries = (app: FastifyInstance): void => {
  serve(app, 'getSeries', ({ ctx, query }) => getSeries(ctx, query));
};
