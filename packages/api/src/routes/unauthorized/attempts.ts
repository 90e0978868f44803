import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listUnauthorizedAttempts } from '../../services/unauthorized/list.ts';

export const routeListUnauthorizedAttempts = (app: FastifyInstance): void => {
  serve(app, 'listUnauthorizedAttempts', ({ ctx, params }) => listUnauthorizedAttempts(ctx, params.id));
};
