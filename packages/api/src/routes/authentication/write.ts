import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { createAuthenticator } from '../../services/authentication/create.ts';
import { deleteAuthenticator } from '../../services/authentication/delete.ts';
import { updateAuthenticator } from '../../services/authentication/update.ts';

export const routeCreateAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'createAuthenticator', ({ ctx, body }) => createAuthenticator(ctx, body.name, body.settings));
};

export const routeUpdateAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'updateAuthenticator', async ({ ctx, params, body, request, reply }) => {
    const changed = await updateAuthenticator(ctx, params.name, body.settings, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routeDeleteAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'deleteAuthenticator', async ({ ctx, params }) => {
    await deleteAuthenticator(ctx, params.name);
    return undefined;
  });
};
