import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { sendCsv } from '../../http/send-stream.ts';
import { exportAudit } from '../../services/audit/export.ts';

export const routeExportAudit = (app: FastifyInstance): void => {
  serve(app, 'exportAudit', async ({ ctx, query, reply }) =>
    sendCsv(reply, 'audit.csv', await exportAudit(ctx, query)),
  );
};
