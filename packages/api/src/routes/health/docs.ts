import type { FastifyInstance } from 'fastify';
import { sendDocs } from '../../http/docs.ts';
import { serve } from '../../http/serve.ts';

export const routeGetDocs = (app: FastifyInstance): void => {
  serve(app, 'getDocs', ({ ctx, reply }) => sendDocs(reply, ctx.house.config.version));
};
