import type { FastifyInstance } from 'fastify';
import { openApiText } from '../../http/openapi.ts';
import { serve } from '../../http/serve.ts';

export const routeGetOpenApi = (app: FastifyInstance): void => {
  serve(app, 'getOpenApi', ({ reply }) => reply.send(openApiText(app)));
};
