import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';

export const routeGetHealth = (app: FastifyInstance): void => {
  serve(app, 'getHealth', ({ ctx }) => ({ status: 'ok' as const, version: ctx.house.config.version }));
};
