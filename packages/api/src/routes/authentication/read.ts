import type { FastifyInstance } from 'fastify';
import { setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { getAuthenticator } from '../../services/authentication/get.ts';
import { getAuthenticatorStatus } from '../../services/authentication/status.ts';
import { testAuthenticator } from '../../services/authentication/test.ts';

export const routeGetAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'getAuthenticator', async ({ ctx, params, reply }) => {
    const found = await getAuthenticator(ctx, params.name);
    setEtag(reply, found.version);
    return found;
  });
};

export const routeGetAuthenticatorStatus = (app: FastifyInstance): void => {
  serve(app, 'getAuthenticatorStatus', ({ ctx, params }) => getAuthenticatorStatus(ctx, params.name));
};

export const routeTestAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'testAuthenticator', ({ ctx, params, body }) => testAuthenticator(ctx, params.name, body));
};
