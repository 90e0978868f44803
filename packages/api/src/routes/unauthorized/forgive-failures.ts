import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { forgiveFailures } from '../../services/unauthorized/forgive-failures.ts';

export const routeForgiveUnauthorizedFailures = (app: FastifyInstance): void => {
  serve(app, 'forgiveUnauthorizedFailures', ({ ctx, params }) => forgiveFailures(ctx, params.id));
};
