import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { createApiKey } from '../../services/api-keys/create.ts';

export const routeCreateApiKey = (app: FastifyInstance): void => {
  serve(app, 'createApiKey', ({ ctx, body }) => createApiKey(ctx, body));
};
