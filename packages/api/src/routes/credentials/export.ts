import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { sendCsv } from '../../http/send-stream.ts';
import { exportCredentials } from '../../services/credentials/export.ts';

export const routeExportCredentials = (app: FastifyInstance): void => {
  serve(app, 'exportCredentials', async ({ ctx, query, reply }) =>
    sendCsv(reply, 'credentials.csv', await exportCredentials(ctx, query)),
  );
};
