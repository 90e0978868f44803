import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { getAuditEntry } from '../../services/audit/list.ts';

export const routeGetAuditEntry = (app: FastifyInstance): void => {
  serve(app, 'getAuditEntry', ({ ctx, params }) => getAuditEntry(ctx, params.id));
};
