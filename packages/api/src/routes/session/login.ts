import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { setSessionCookie } from '../../http/session-cookie.ts';
import { presentSession } from '../../present/people.ts';
import { login } from '../../services/session/login.ts';

export const routeLogin = (app: FastifyInstance): void => {
  serve(app, 'login', async ({ ctx, body, reply }) => {
    const opened = await login(ctx, body);
    setSessionCookie(reply, ctx.house.config, opened.token);
    return presentSession(opened.caller);
  });
};
