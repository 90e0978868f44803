import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listNodes } from '../../services/stats/nodes.ts';

export const routeListNodes = (app: FastifyInstance): void => {
  serve(app, 'listNodes', ({ ctx }) => listNodes(ctx));
};
