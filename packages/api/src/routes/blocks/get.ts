import type { FastifyInstance } from 'fastify';
import { setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { getBlock } from '../../services/blocks/list.ts';

export const routeGetBlock = (app: FastifyInstance): void => {
  serve(app, 'getBlock', async ({ ctx, params, reply }) => {
    const found = await getBlock(ctx, params.id);
    setEtag(reply, found.version);
    return found;
  });
};
