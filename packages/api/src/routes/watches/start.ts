import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { startWatch } from '../../services/watches/start.ts';

export const routeStartWatch = (app: FastifyInstance): void => {
  serve(app, 'startWatch', ({ ctx, body }) => startWatch(ctx, body));
};
