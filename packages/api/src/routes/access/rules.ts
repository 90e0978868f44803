import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { createAccessRule } from '../../services/access/create.ts';
import { deleteAccessRule } from '../../services/access/delete.ts';
import { getAccessRule, listAccessRules } from '../../services/access/list.ts';
import { moveAccessRule } from '../../services/access/move.ts';
import { tryAccess } from '../../services/access/try.ts';
import { updateAccessRule } from '../../services/access/update.ts';

export const routeListAccessRules = (app: FastifyInstance): void => {
  serve(app, 'listAccessRules', ({ ctx, query }) => listAccessRules(ctx, query));
};

export const routeCreateAccessRule = (app: FastifyInstance): void => {
  serve(app, 'createAccessRule', async ({ ctx, body, reply }) => {
    const made = await createAccessRule(ctx, body);
    setEtag(reply, made.version);
    return made;
  });
};

export const routeGetAccessRule = (app: FastifyInstance): void => {
  serve(app, 'getAccessRule', async ({ ctx, params, reply }) => {
    const found = await getAccessRule(ctx, params.id);
    setEtag(reply, found.version);
    return found;
  });
};

export const routeUpdateAccessRule = (app: FastifyInstance): void => {
  serve(app, 'updateAccessRule', async ({ ctx, params, body, request, reply }) => {
    const changed = await updateAccessRule(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routeMoveAccessRule = (app: FastifyInstance): void => {
  serve(app, 'moveAccessRule', async ({ ctx, params, body, reply }) => {
    const moved = await moveAccessRule(ctx, params.id, body);
    setEtag(reply, moved.version);
    return moved;
  });
};

export const routeDeleteAccessRule = (app: FastifyInstance): void => {
  serve(app, 'deleteAccessRule', async ({ ctx, params }) => {
    await deleteAccessRule(ctx, params.id);
    return undefined;
  });
};

export const routeTryAccess = (app: FastifyInstance): void => {
  serve(app, 'tryAccess', ({ ctx, body }) => tryAccess(ctx, body));
};
