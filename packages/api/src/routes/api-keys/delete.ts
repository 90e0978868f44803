import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteApiKey } from '../../services/api-keys/delete.ts';

export const routeDeleteApiKey = (app: FastifyInstance): void => {
  serve(app, 'deleteApiKey', async ({ ctx, params }) => {
    await deleteApiKey(ctx, params.id);
    return undefined;
  });
};
