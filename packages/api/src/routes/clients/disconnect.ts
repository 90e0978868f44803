import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { disconnectClient } from '../../services/clients/disconnect.ts';

export const routeDisconnectClient = (app: FastifyInstance): void => {
  serve(app, 'disconnectClient', ({ ctx, params, query }) =>
    disconnectClient(ctx, params.clientId, query.session),
  );
};
