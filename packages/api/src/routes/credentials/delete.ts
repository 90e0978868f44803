import type { FastifyInstance } from 'fastify';
import { ifMatchVersion } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { deleteCredential } from '../../services/credentials/delete.ts';

export const routeDeleteCredential = (app: FastifyInstance): void => {
  serve(app, 'deleteCredential', async ({ ctx, params, request }) => {
    await deleteCredential(ctx, params.id, ifMatchVersion(request));
    return undefined;
  });
};
