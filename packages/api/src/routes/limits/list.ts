import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listLimits } from '../../services/limits/list.ts';

export const routeListLimits = (app: FastifyInstance): void => {
  serve(app, 'listLimits', ({ ctx }) => listLimits(ctx));
};
