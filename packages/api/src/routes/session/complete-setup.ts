import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { setSessionCookie } from '../../http/session-cookie.ts';
import { presentSession } from '../../present/people.ts';
import { completeSetup } from '../../services/session/setup.ts';

export const routeCompleteSetup = (app: FastifyInstance): void => {
  serve(app, 'completeSetup', async ({ ctx, body, reply }) => {
    const opened = await completeSetup(ctx, body);
    setSessionCookie(reply, ctx.house.config, opened.token);
    return presentSession(opened.caller);
  });
};
