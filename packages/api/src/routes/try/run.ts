import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { tryAttempt } from '../../services/try/run.ts';

export const routeTryAttempt = (app: FastifyInstance): void => {
  serve(app, 'tryAttempt', ({ ctx, body }) => tryAttempt(ctx, body));
};
