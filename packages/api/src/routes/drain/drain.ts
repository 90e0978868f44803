import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { drain } from '../../services/drain/drain.ts';

export const routeDrain = (app: FastifyInstance): void => {
  serve(app, 'drain', ({ ctx, body }) => drain(ctx, body));
};
