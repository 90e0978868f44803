import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { clearSessionCookie } from '../../http/session-cookie.ts';
import { logout } from '../../services/session/logout.ts';

export const routeLogout = (app: FastifyInstance): void => {
  serve(app, 'logout', async ({ ctx, reply }) => {
    await logout(ctx);
    clearSessionCookie(reply, ctx.house.config);
    return undefined;
  });
};
