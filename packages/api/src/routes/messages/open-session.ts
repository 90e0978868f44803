import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { openMessageSession } from '../../services/messages/session.ts';

export const routeOpenMessageSession = (app: FastifyInstance): void => {
  serve(app, 'openMessageSession', ({ ctx }) => openMessageSession(ctx));
};
