import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listClientSubscriptions } from '../../services/clients/subscriptions.ts';

export const routeListClientSubscriptions = (app: FastifyInstance): void => {
  serve(app, 'listClientSubscriptions', ({ ctx, params, query }) =>
    listClientSubscriptions(ctx, params.clientId, query),
  );
};
