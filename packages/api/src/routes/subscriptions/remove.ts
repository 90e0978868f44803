import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { removeSubscription } from '../../services/clients/subscriptions.ts';

export const routeRemoveSubscription = (app: FastifyInstance): void => {
  serve(app, 'removeSubscription', ({ ctx, query }) => removeSubscription(ctx, query));
};
