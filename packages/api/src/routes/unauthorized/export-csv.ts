import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { sendCsv } from '../../http/send-stream.ts';
import { exportUnauthorizedCsv } from '../../services/unauthorized/export.ts';

export const routeExportUnauthorizedCsv = (app: FastifyInstance): void => {
  serve(app, 'exportUnauthorizedCsv', async ({ ctx, query, reply }) =>
    sendCsv(reply, 'unauthorized-clients.csv', await exportUnauthorizedCsv(ctx, query)),
  );
};
