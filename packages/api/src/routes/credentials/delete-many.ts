import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteCredentials } from '../../services/credentials/delete.ts';

export const routeDeleteCredentials = (app: FastifyInstance): void => {
  serve(app, 'deleteCredentials', ({ ctx, body }) => deleteCredentials(ctx, body));
};
