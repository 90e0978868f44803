import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { disconnectClients } from '../../services/clients/disconnect.ts';

export const routeDisconnectClients = (app: FastifyInstance): void => {
  serve(app, 'disconnectClients', ({ ctx, body }) => disconnectClients(ctx, body));
};
