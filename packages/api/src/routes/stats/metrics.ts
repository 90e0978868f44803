import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getMetrics } from '../../services/stats/metrics.ts';

export const routeGetMetrics = (app: FastifyInstance): void => {
  serve(app, 'getMetrics', ({ ctx }) => getMetrics(ctx));
};
