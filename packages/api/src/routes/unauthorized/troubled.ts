import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listTroubled } from '../../services/unauthorized/troubled.ts';

export const routeListTroubledClients = (app: FastifyInstance): void => {
  serve(app, 'listTroubledClients', ({ ctx }) => listTroubled(ctx));
};
