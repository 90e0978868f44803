import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { unauthorizedHistogram } from '../../services/unauthorized/histogram.ts';

export const routeGetUnauthorizedHistogram = (app: FastifyInstance): void => {
  serve(app, 'getUnauthorizedHistogram', ({ ctx, query }) => unauthorizedHistogram(ctx, query));
};
