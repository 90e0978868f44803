import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { publish } from '../../services/publish/run.ts';

export const routePublish = (app: FastifyInstance): void => {
  serve(app, 'publish', ({ ctx, body }) => publish(ctx, body));
};
