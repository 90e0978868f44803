import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { sendJson } from '../../http/send-stream.ts';
import { exportUnauthorizedJson } from '../../services/unauthorized/export.ts';

export const routeExportUnauthorizedJson = (app: FastifyInstance): void => {
  serve(app, 'exportUnauthorizedJson', async ({ ctx, query, reply }) =>
    sendJson(reply, 'unauthorized-clients.json', await exportUnauthorizedJson(ctx, query)),
  );
};
