import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { updateUser } from '../../services/users/update.ts';

export const routeUpdateUser = (app: FastifyInstance): void => {
  serve(app, 'updateUser', ({ ctx, params, body }) => updateUser(ctx, params.id, body));
};
