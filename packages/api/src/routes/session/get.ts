import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { presentSession } from '../../present/people.ts';

export const routeGetSession = (app: FastifyInstance): void => {
  serve(app, 'getSession', ({ ctx }) => presentSession(ctx.caller));
};
