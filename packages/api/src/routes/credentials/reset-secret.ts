import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { resetCredentialSecret } from '../../services/credentials/reset-secret.ts';

export const routeResetCredentialSecret = (app: FastifyInstance): void => {
  serve(app, 'resetCredentialSecret', async ({ ctx, params, body, request, reply }) => {
    const credential = await resetCredentialSecret(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, credential.version);
    return credential;
  });
};
