import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listBlocks } from '../../services/blocks/list.ts';

export const routeListBlocks = (app: FastifyInstance): void => {
  serve(app, 'listBlocks', ({ ctx, query }) => listBlocks(ctx, query));
};
