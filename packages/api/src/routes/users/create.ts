import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { createUser } from '../../services/users/create.ts';

export const routeCreateUser = (app: FastifyInstance): void => {
  serve(app, 'createUser', ({ ctx, body }) => createUser(ctx, body));
};
