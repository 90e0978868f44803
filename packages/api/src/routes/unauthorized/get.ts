import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getUnauthorized } from '../../services/unauthorized/get.ts';

export const routeGetUnauthorizedClient = (app: FastifyInstance): void => {
  serve(app, 'getUnauthorizedClient', ({ ctx, params }) => getUnauthorized(ctx, params.id));
};
