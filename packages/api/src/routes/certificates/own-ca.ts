import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getOwnCa } from '../../services/certificates/own-ca.ts';

/** What the CA's certificate is called wherever it is downloaded; the console's commands name it so. */
export const CA_FILE_NAME = 'gatehouse-ca.crt';

export const routeGetOwnCa = (app: FastifyInstance): void => {
  serve(app, 'getOwnCa', async ({ ctx, reply }) => {
    const certificate = await getOwnCa(ctx);
    reply.header('content-disposition', `attachment; filename="${CA_FILE_NAME}"`);
    return certificate;
  });
};
