import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getRetained } from '../../services/retained/get.ts';

export const routeGetRetained = (app: FastifyInstance): void => {
  serve(app, 'getRetained', ({ ctx, query }) => getRetained(ctx, query.topic));
};
