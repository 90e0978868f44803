import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** JSON, CSV and event streams need nothing from a browser; the docs page loosens this for its own style sheet. */
export const API_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const addSecurityHeaders = async (app: FastifyInstance): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'content-security-policy': API_CSP,
      'cache-control': 'no-store',
      'x-request-id': request.id,
    });
    done();
  });
};
