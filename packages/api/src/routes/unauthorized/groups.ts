import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { unauthorizedGroups } from '../../services/unauthorized/groups.ts';

export const routeGetUnauthorizedGroups = (app: FastifyInstance): void => {
  serve(app, 'getUnauthorizedGroups', ({ ctx, query }) => unauthorizedGroups(ctx, query));
};
