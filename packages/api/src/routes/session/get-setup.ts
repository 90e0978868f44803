import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { isSetupNeeded } from '../../services/session/setup.ts';

export const routeGetSetup = (app: FastifyInstance): void => {
  serve(app, 'getSetup', async ({ ctx }) => ({ needed: await isSetupNeeded(ctx) }));
};
