import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { makeBackup } from '../../services/backup/make.ts';

export const routeMakeBackup = (app: FastifyInstance): void => {
  serve(app, 'makeBackup', async ({ ctx, body, reply }) =>
    reply.send(Readable.from(await makeBackup(ctx, body), { objectMode: false })),
  );
};
