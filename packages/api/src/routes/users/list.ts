import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listUsers } from '../../services/users/list.ts';

export const routeListUsers = (app: FastifyInstance): void => {
  serve(app, 'listUsers', ({ ctx }) => listUsers(ctx));
};
