import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listWatches } from '../../services/watches/list.ts';

export const routeListWatches = (app: FastifyInstance): void => {
  serve(app, 'listWatches', ({ ctx }) => listWatches(ctx));
};
