import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { sendJson } from '../../http/send-stream.ts';
import { exportCredentialsJson } from '../../services/credentials/export.ts';

export const routeExportCredentialsJson = (app: FastifyInstance): void => {
  serve(app, 'exportCredentialsJson', async ({ ctx, query, reply }) =>
    sendJson(reply, 'credentials.json', await exportCredentialsJson(ctx, query)),
  );
};
