import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteRetained } from '../../services/retained/delete.ts';

export const routeDeleteRetained = (app: FastifyInstance): void => {
  serve(app, 'deleteRetained', ({ ctx, query }) => deleteRetained(ctx, query));
};
