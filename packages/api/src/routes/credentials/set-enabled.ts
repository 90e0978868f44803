import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { setCredentialsEnabled } from '../../services/credentials/set-enabled.ts';

export const routeSetCredentialsEnabled = (app: FastifyInstance): void => {
  serve(app, 'setCredentialsEnabled', ({ ctx, body }) => setCredentialsEnabled(ctx, body));
};
