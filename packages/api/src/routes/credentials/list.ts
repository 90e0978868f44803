import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listCredentials } from '../../services/credentials/list.ts';

export const routeListCredentials = (app: FastifyInstance): void => {
  serve(app, 'listCredentials', ({ ctx, query }) => listCredentials(ctx, query));
};
