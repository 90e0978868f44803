import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { setSessionCookie } from '../../http/session-cookie.ts';
import { presentSession } from '../../present/people.ts';
import { acceptInvitation } from '../../services/invitations/accept.ts';
import { createInvitation, deleteInvitation, listInvitations } from '../../services/invitations/manage.ts';

export const routeInvitations = (app: FastifyInstance): void => {
  serve(app, 'listInvitations', ({ ctx }) => listInvitations(ctx));
  serve(app, 'createInvitation', ({ ctx, body }) => createInvitation(ctx, body));
  serve(app, 'deleteInvitation', async ({ ctx, params }) => {
    await deleteInvitation(ctx, params.id);
    return undefined;
  });
  serve(app, 'acceptInvitation', async ({ ctx, body, reply }) => {
    const opened = await acceptInvitation(ctx, body);
    setSessionCookie(reply, ctx.house.config, opened.token);
    return presentSession(opened.caller);
  });
};
