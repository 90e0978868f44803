import type { FastifyInstance } from 'fastify';
import { setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { getCredential } from '../../services/credentials/get.ts';

export const routeGetCredential = (app: FastifyInstance): void => {
  serve(app, 'getCredential', async ({ ctx, params, reply }) => {
    const credential = await getCredential(ctx, params.id);
    setEtag(reply, credential.version);
    return credential;
  });
};
