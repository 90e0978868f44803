import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listSubscriptions } from '../../services/clients/subscriptions.ts';

export const routeListSubscriptions = (app: FastifyInstance): void => {
  serve(app, 'listSubscriptions', ({ ctx, query }) => listSubscriptions(ctx, query));
};
