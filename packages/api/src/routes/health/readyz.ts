import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { readiness } from '../../services/health/readiness.ts';

export const routeGetReadiness = (app: FastifyInstance): void => {
  serve(app, 'getReadiness', async ({ ctx, reply }) => {
    const answer = await readiness(ctx);
    if (answer.status !== 'ready') reply.code(503);
    return answer;
  });
};
