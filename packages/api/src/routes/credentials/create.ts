import type { FastifyInstance } from 'fastify';
import { authorize } from '../../context.ts';
import { idempotencyKey, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { createCredential } from '../../services/credentials/create.ts';

export const routeCreateCredential = (app: FastifyInstance): void => {
  serve(app, 'createCredential', async ({ ctx, body, request, reply }) => {
    const key = idempotencyKey(request);
    const create = () => createCredential(ctx, body);
    const actor = authorize(ctx, 'credentials:write');
    const made =
      key === undefined ? await create() : await ctx.house.idempotency.once(actor.id, key, body, create);
    setEtag(reply, made.version);
    return made;
  });
};
