import type { FastifyInstance, FastifyReply } from 'fastify';
import { serve } from '../../http/serve.ts';
import { clearSsoCookie, setSessionCookie, setSsoCookie, ssoCookieName } from '../../http/session-cookie.ts';
import type { Context } from '../../context.ts';
import { finishSso } from '../../services/sso/finish.ts';
import {
  getProviderStatus,
  getSignInOptions,
  getSignInSettings,
  unlinkIdentity,
  updateSignIn,
} from '../../services/sso/settings.ts';
import { startForSession, startSignIn, type StartedSso } from '../../services/sso/start.ts';

const goOn = async (ctx: Context, reply: FastifyReply, starting: Promise<StartedSso>) => {
  const { url, sealed } = await starting;
  setSsoCookie(reply, ctx.house.config, sealed);
  return { url };
};

/** Signing in at the identity provider, and what is set about it. */
export const routeSso = (app: FastifyInstance): void => {
  serve(app, 'getSignInOptions', ({ ctx }) => getSignInOptions(ctx));
  serve(app, 'startSso', ({ ctx, body, request, reply }) =>
    goOn(ctx, reply, startSignIn(ctx, request.headers.origin, body.returnTo)),
  );
  serve(app, 'startSsoConfirmation', ({ ctx, request, reply }) =>
    goOn(ctx, reply, startForSession(ctx, request.headers.origin, 'confirm')),
  );
  serve(app, 'linkIdentity', ({ ctx, request, reply }) =>
    goOn(ctx, reply, startForSession(ctx, request.headers.origin, 'link')),
  );
  serve(app, 'finishSso', async ({ ctx, body, request, reply }) => {
    const { config } = ctx.house;
    // Whatever becomes of it: what was begun is tried once.
    clearSsoCookie(reply, config);
    const { purpose, returnTo, opened } = await finishSso(
      ctx,
      body.query,
      request.cookies[ssoCookieName(config)],
    );
    if (opened !== null) setSessionCookie(reply, config, opened.token);
    return { purpose, returnTo };
  });
  serve(app, 'unlinkIdentity', async ({ ctx }) => {
    await unlinkIdentity(ctx);
    return undefined;
  });
  serve(app, 'getSignInSettings', ({ ctx }) => getSignInSettings(ctx));
  serve(app, 'updateSignIn', ({ ctx, body }) => updateSignIn(ctx, body));
  serve(app, 'getProviderStatus', ({ ctx }) => getProviderStatus(ctx));
};
