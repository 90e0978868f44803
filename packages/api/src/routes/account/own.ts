import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { confirmAccount, getConfirmation } from '../../services/account/confirm.ts';
import { changePassword, getAccount, updateAccount } from '../../services/account/own.ts';
import { endAccountSession, endOtherSessions, listAccountSessions } from '../../services/account/sessions.ts';
import { enrolTotp, offerTotp, removeTotp, replaceRecoveryCodes } from '../../services/account/totp.ts';

/** What people do with their own account. */
export const routeAccount = (app: FastifyInstance): void => {
  serve(app, 'getAccount', ({ ctx }) => getAccount(ctx));
  serve(app, 'updateAccount', ({ ctx, body }) => updateAccount(ctx, body));
  serve(app, 'changePassword', ({ ctx, body }) => changePassword(ctx, body));
  serve(app, 'listAccountSessions', ({ ctx }) => listAccountSessions(ctx));
  serve(app, 'endOtherSessions', ({ ctx }) => endOtherSessions(ctx));
  serve(app, 'endAccountSession', async ({ ctx, params }) => {
    await endAccountSession(ctx, params.id);
    return undefined;
  });
  serve(app, 'getConfirmation', ({ ctx }) => getConfirmation(ctx));
  serve(app, 'confirmAccount', ({ ctx, body }) => confirmAccount(ctx, body));
  serve(app, 'offerTotp', ({ ctx }) => offerTotp(ctx));
  serve(app, 'enrolTotp', ({ ctx, body }) => enrolTotp(ctx, body));
  serve(app, 'removeTotp', async ({ ctx }) => {
    await removeTotp(ctx);
    return undefined;
  });
  serve(app, 'replaceRecoveryCodes', ({ ctx }) => replaceRecoveryCodes(ctx));
};
