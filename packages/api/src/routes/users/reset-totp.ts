import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { resetUserTotp } from '../../services/users/reset-totp.ts';

export const routeResetUserTotp = (app: FastifyInstance): void => {
  serve(app, 'resetUserTotp', async ({ ctx, params }) => {
    await resetUserTotp(ctx, params.id);
    return undefined;
  });
};
