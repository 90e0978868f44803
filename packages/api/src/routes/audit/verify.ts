import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { verifyAudit } from '../../services/audit/verify.ts';

export const routeVerifyAudit = (app: FastifyInstance): void => {
  serve(app, 'verifyAudit', ({ ctx }) => verifyAudit(ctx));
};
