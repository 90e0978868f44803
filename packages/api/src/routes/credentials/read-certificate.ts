import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { readCertificate } from '../../services/credentials/read-certificate.ts';

export const routeReadCertificate = (app: FastifyInstance): void => {
  serve(app, 'readCertificate', ({ ctx, body }) => readCertificate(ctx, body));
};
