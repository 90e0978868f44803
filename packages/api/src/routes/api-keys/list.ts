import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listApiKeys } from '../../services/api-keys/list.ts';

export const routeListApiKeys = (app: FastifyInstance): void => {
  serve(app, 'listApiKeys', ({ ctx }) => listApiKeys(ctx));
};
