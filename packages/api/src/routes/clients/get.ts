import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getClient } from '../../services/clients/get.ts';

export const routeGetClient = (app: FastifyInstance): void => {
  serve(app, 'getClient', ({ ctx, params }) => getClient(ctx, params.clientId));
};
