import type { FastifyInstance } from 'fastify';
import { setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { acceptPreviousSecret } from '../../services/credentials/accept-previous.ts';

export const routeAcceptPreviousSecret = (app: FastifyInstance): void => {
  serve(app, 'acceptPreviousSecret', async ({ ctx, params, body, reply }) => {
    const credential = await acceptPreviousSecret(ctx, params.id, body);
    setEtag(reply, credential.version);
    return credential;
  });
};
