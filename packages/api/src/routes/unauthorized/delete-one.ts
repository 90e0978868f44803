import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteOneUnauthorized } from '../../services/unauthorized/delete.ts';

export const routeDeleteUnauthorizedClient = (app: FastifyInstance): void => {
  serve(app, 'deleteUnauthorizedClient', ({ ctx, params }) => deleteOneUnauthorized(ctx, params.id));
};
