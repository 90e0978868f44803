import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listCredentialTags } from '../../services/credentials/list.ts';

export const routeListCredentialTags = (app: FastifyInstance): void => {
  serve(app, 'listCredentialTags', ({ ctx }) => listCredentialTags(ctx));
};
