import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { updateBlock } from '../../services/blocks/update.ts';

export const routeUpdateBlock = (app: FastifyInstance): void => {
  serve(app, 'updateBlock', async ({ ctx, params, body, request, reply }) => {
    const changed = await updateBlock(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};
