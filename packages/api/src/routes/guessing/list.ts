import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listSlowed } from '../../services/guessing/list.ts';

export const routeListSlowedGuessers = (app: FastifyInstance): void => {
  serve(app, 'listSlowedGuessers', ({ ctx }) => listSlowed(ctx));
};
