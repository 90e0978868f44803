import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getStats } from '../../services/stats/get.ts';

export const routeGetStats = (app: FastifyInstance): void => {
  serve(app, 'getStats', ({ ctx, query }) => getStats(ctx, query));
};
