import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { stopWatch } from '../../services/watches/stop.ts';

export const routeStopWatch = (app: FastifyInstance): void => {
  serve(app, 'stopWatch', ({ ctx, params }) => stopWatch(ctx, params.id));
};
