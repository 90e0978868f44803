import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteUnauthorized } from '../../services/unauthorized/delete.ts';

export const routeDeleteUnauthorizedClients = (app: FastifyInstance): void => {
  serve(app, 'deleteUnauthorizedClients', ({ ctx, body }) => deleteUnauthorized(ctx, body));
};
