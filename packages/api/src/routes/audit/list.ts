import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listAudit } from '../../services/audit/list.ts';

export const routeListAudit = (app: FastifyInstance): void => {
  serve(app, 'listAudit', ({ ctx, query }) => listAudit(ctx, query));
};
