import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { closeMessageSession } from '../../services/messages/session.ts';

export const routeCloseMessageSession = (app: FastifyInstance): void => {
  serve(app, 'closeMessageSession', ({ ctx, params }) => closeMessageSession(ctx, params.id));
};
