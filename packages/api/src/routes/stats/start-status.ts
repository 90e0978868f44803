import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getStartStatus } from '../../services/stats/start-status.ts';

export const routeGetStartStatus = (app: FastifyInstance): void => {
  serve(app, 'getStartStatus', ({ ctx }) => getStartStatus(ctx));
};
