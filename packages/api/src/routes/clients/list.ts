import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listClients } from '../../services/clients/list.ts';

export const routeListClients = (app: FastifyInstance): void => {
  serve(app, 'listClients', ({ ctx, query }) => listClients(ctx, query));
};
