import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { deleteUser } from '../../services/users/delete.ts';

export const routeDeleteUser = (app: FastifyInstance): void => {
  serve(app, 'deleteUser', async ({ ctx, params }) => {
    await deleteUser(ctx, params.id);
    return undefined;
  });
};
