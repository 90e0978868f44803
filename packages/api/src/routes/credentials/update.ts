import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { updateCredential } from '../../services/credentials/update.ts';

export const routeUpdateCredential = (app: FastifyInstance): void => {
  serve(app, 'updateCredential', async ({ ctx, params, body, request, reply }) => {
    const credential = await updateCredential(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, credential.version);
    return credential;
  });
};
