import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listUnauthorized } from '../../services/unauthorized/list.ts';

export const routeListUnauthorizedClients = (app: FastifyInstance): void => {
  serve(app, 'listUnauthorizedClients', ({ ctx, query }) => listUnauthorized(ctx, query));
};
