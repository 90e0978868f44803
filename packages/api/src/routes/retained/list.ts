import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listRetained } from '../../services/retained/list.ts';

export const routeListRetained = (app: FastifyInstance): void => {
  serve(app, 'listRetained', ({ ctx, query }) => listRetained(ctx, query));
};
