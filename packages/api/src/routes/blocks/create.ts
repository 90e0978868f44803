import type { FastifyInstance } from 'fastify';
import { authorize } from '../../context.ts';
import { idempotencyKey, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { createBlock } from '../../services/blocks/create.ts';

export const routeCreateBlock = (app: FastifyInstance): void => {
  serve(app, 'createBlock', async ({ ctx, body, request, reply }) => {
    const key = idempotencyKey(request);
    const create = () => createBlock(ctx, body);
    const actor = authorize(ctx, 'blocks:write');
    const made =
      key === undefined ? await create() : await ctx.house.idempotency.once(actor.id, key, body, create);
    setEtag(reply, made.version);
    return made;
  });
};
