import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteBlock } from '../../services/blocks/delete.ts';

export const routeDeleteBlock = (app: FastifyInstance): void => {
  serve(app, 'deleteBlock', async ({ ctx, params }) => {
    await deleteBlock(ctx, params.id);
    return undefined;
  });
};
