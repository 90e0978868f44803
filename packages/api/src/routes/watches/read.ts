import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { readWatch } from '../../services/watches/read.ts';

export const routeReadWatch = (app: FastifyInstance): void => {
  serve(app, 'readWatch', ({ ctx, params, query }) => readWatch(ctx, params.id, query.after));
};
