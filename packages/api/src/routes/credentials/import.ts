import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { importCredentials } from '../../services/credentials/import.ts';

export const routeImportCredentials = (app: FastifyInstance): void => {
  serve(app, 'importCredentials', ({ ctx, query, body }) => importCredentials(ctx, query, body));
};
